/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as a LIST of texts: its tags read back the same from the list that is made of them. */
#include "sound/wave_info.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AVDictionary *tags = NULL, *again = NULL;
    g_autoptr(GBytes) list = g_bytes_new(data, size);
    wave_info_read(list, &tags);
    g_autoptr(GBytes) edited = wave_info_edited(list, tags);
    if (edited)
        wave_info_read(edited, &again);
    g_assert(av_dict_count(again) == av_dict_count(tags));
    for (const AVDictionaryEntry *tag = NULL;
         (tag = av_dict_get(tags, "", tag, AV_DICT_IGNORE_SUFFIX));)
        g_assert_cmpstr(av_dict_get(again, tag->key, NULL, 0)->value, ==, tag->value);
    av_dict_free(&tags);
    av_dict_free(&again);
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * Parameter sets in configuration records (ISO/IEC 14496-15, 5.3.3.1) and behind start codes. */
#include "seam_sets.h"

#include <glib.h>
#include <libavutil/intreadwrite.h>
#include <libavutil/mem.h>

enum { SPS = 7, PPS = 8, NUMBERS = 32, RECORD_HEAD = 5, SPS_MOST = 31, PPS_MOST = 255 };

static int type_of(const struct nal *nal)
{
    return *nal->data & 31;
}

/* The first ue(v) (ITU-T H.264, 9.1) of a set, which is its number; of a sequence parameter set it
 * stands behind profile, constraints and level. */
static unsigned number_of(const struct nal *nal)
{
    const size_t at = type_of(nal) == SPS ? 4 : 1;
    uint32_t bits = 0;
    int zeros = 0;
    for (size_t i = at; i < at + sizeof bits; i++)
        bits = bits << 8 | (i < nal->size ? nal->data[i] : 0);
    while (zeros < 15 && !(bits & 0x80000000U >> zeros))
        zeros++;
    return (bits << zeros >> (31 - zeros)) - 1;
}

/* --- those of a track --- */

/* Where the lists of a record are: each is a count and units behind lengths of two bytes. */
struct list {
    int count, begin, end;
};
struct lists {
    struct list sps, pps;
};

static bool read_list(const AVCodecParameters *par, int at, int mask, struct list *list)
{
    if (at >= par->extradata_size)
        return false;
    list->count = par->extradata[at] & mask;
    list->begin = list->end = at + 1;
    for (int i = 0; i < list->count; i++) {
        if (list->end + 2 >= par->extradata_size)
            return false;
        list->end += 2 + AV_RB16(par->extradata + list->end);
    }
    return list->end <= par->extradata_size;
}

static bool read_record(const AVCodecParameters *par, struct lists *lists)
{
    return read_list(par, RECORD_HEAD, 31, &lists->sps) &&
           read_list(par, lists->sps.end, 255, &lists->pps);
}

static struct nals nals_of_list(const AVCodecParameters *par, const struct list *list)
{
    return (struct nals){par->extradata + list->begin, par->extradata + list->end, 2};
}

/* Returns how many sequence parameter sets there are. */
static int take_numbers(struct nals nals, bool *taken)
{
    int sequences = 0;
    for (struct nal nal; nal_next(&nals, &nal);) {
        if (type_of(&nal) != SPS && type_of(&nal) != PPS)
            continue;
        sequences += type_of(&nal) == SPS;
        if (number_of(&nal) < NUMBERS)
            taken[number_of(&nal)] = true;
    }
    return sequences;
}

int seam_sets_free(const AVCodecParameters *par)
{
    bool taken[NUMBERS] = {false};
    struct lists lists;
    int sequences = 0, number = 0;
    if (!nal_length_bytes(par)) {
        sequences = take_numbers(nals_of_start_codes(par->extradata, par->extradata_size), taken);
    } else if (read_record(par, &lists)) {
        sequences = take_numbers(nals_of_list(par, &lists.sps), taken);
        take_numbers(nals_of_list(par, &lists.pps), taken);
    }
    while (number < NUMBERS && taken[number])
        number++;
    return sequences && number < NUMBERS ? number : -1;
}

static bool find_set(struct nals nals, int type, unsigned number, struct nal *set)
{
    while (nal_next(&nals, set))
        if (type_of(set) == type && number_of(set) == number)
            return true;
    return false;
}

bool seam_sets_find(const AVCodecParameters *par, int type, unsigned number, struct nal *set)
{
    struct lists lists;
    if (!nal_length_bytes(par))
        return find_set(nals_of_start_codes(par->extradata, par->extradata_size), type, number,
                        set);
    return read_record(par, &lists) &&
           find_set(nals_of_list(par, type == SPS ? &lists.sps : &lists.pps), type, number, set);
}

/* --- adding --- */

static void append(GByteArray *bytes, const uint8_t *data, int begin, int end)
{
    g_byte_array_append(bytes, data + begin, (guint)(end - begin));
}

static void append_length(GByteArray *bytes, size_t length, int length_bytes)
{
    for (int i = length_bytes; i-- > 0;) {
        const uint8_t byte = (uint8_t)(length >> 8 * i);
        g_byte_array_append(bytes, &byte, 1);
    }
}

static int append_sets(GByteArray *bytes, const AVCodecContext *encoder, int type)
{
    struct nals nals = nals_of_start_codes(encoder->extradata, encoder->extradata_size);
    int count = 0;
    for (struct nal nal; nal_next(&nals, &nal);) {
        if (type_of(&nal) != type)
            continue;
        append_length(bytes, nal.size, 2);
        g_byte_array_append(bytes, nal.data, (guint)nal.size);
        count++;
    }
    return count;
}

/* Constraints are those that all sets keep, the level is the highest. */
static void fit_head(GByteArray *bytes, const AVCodecContext *encoder)
{
    struct nals nals = nals_of_start_codes(encoder->extradata, encoder->extradata_size);
    for (struct nal nal; nal_next(&nals, &nal);) {
        if (type_of(&nal) != SPS || nal.size < 4)
            continue;
        bytes->data[2] &= nal.data[2];
        bytes->data[3] = MAX(bytes->data[3], nal.data[3]);
    }
}

static GByteArray *joined_record(const AVCodecParameters *par, const AVCodecContext *encoder)
{
    struct lists lists;
    if (!read_record(par, &lists))
        return NULL;
    GByteArray *bytes = g_byte_array_new();
    append(bytes, par->extradata, 0, lists.sps.end);
    int sps = append_sets(bytes, encoder, SPS);
    guint pps_at = bytes->len;
    append(bytes, par->extradata, lists.sps.end, lists.pps.end);
    int pps = append_sets(bytes, encoder, PPS);
    append(bytes, par->extradata, lists.pps.end, par->extradata_size);
    if (lists.sps.count + sps > SPS_MOST || lists.pps.count + pps > PPS_MOST) {
        g_byte_array_unref(bytes);
        return NULL;
    }
    bytes->data[RECORD_HEAD] += (uint8_t)sps;
    bytes->data[pps_at] += (uint8_t)pps;
    fit_head(bytes, encoder);
    return bytes;
}

static GByteArray *joined_start_codes(const AVCodecParameters *par, const AVCodecContext *encoder)
{
    GByteArray *bytes = g_byte_array_new();
    append(bytes, par->extradata, 0, par->extradata_size);
    append(bytes, encoder->extradata, 0, encoder->extradata_size);
    return bytes;
}

bool seam_sets_add(AVCodecParameters *par, const AVCodecContext *encoder, struct failure *failure)
{
    g_autoptr(GByteArray) bytes =
        nal_length_bytes(par) ? joined_record(par, encoder) : joined_start_codes(par, encoder);
    if (!bytes)
        return fail(failure, FAIL_UNSUPPORTED, "its parameter sets leave no room for others");
    uint8_t *data = av_mallocz(bytes->len + AV_INPUT_BUFFER_PADDING_SIZE);
    if (!data)
        return fail(failure, FAIL_MEMORY, "no memory for parameter sets");
    memcpy(data, bytes->data, bytes->len);
    av_freep(&par->extradata);
    par->extradata = data;
    par->extradata_size = (int)bytes->len;
    return true;
}

bool seam_sets_convert(const AVCodecParameters *par, AVPacket *packet, struct failure *failure)
{
    const int length_bytes = nal_length_bytes(par);
    struct nals nals = nals_of_start_codes(packet->data, packet->size);
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    AVBufferRef *buffer;
    if (!length_bytes)
        return true;
    for (struct nal nal; nal_next(&nals, &nal);) {
        append_length(bytes, nal.size, length_bytes);
        g_byte_array_append(bytes, nal.data, (guint)nal.size);
    }
    buffer = av_buffer_allocz(bytes->len + AV_INPUT_BUFFER_PADDING_SIZE);
    if (!buffer)
        return fail(failure, FAIL_MEMORY, "no memory for a packet");
    memcpy(buffer->data, bytes->data, bytes->len);
    av_buffer_unref(&packet->buf);
    packet->buf = buffer;
    packet->data = buffer->data;
    packet->size = (int)bytes->len;
    return true;
}

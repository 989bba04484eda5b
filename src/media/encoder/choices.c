/* SPDX-License-Identifier: GPL-3.0-or-later
 * What an option of an encoder or a muxer can be, as far as it has names. */
#include "private.h"

#include <libavutil/opt.h>
#include <string.h>

/* Of options that libav hands on as texts: x264.h (164) and x265.h (3.5). */
static const struct {
    const char *encoder, *option, *names;
} handed_on[] = {
    {"libx264", "preset",
     "ultrafast superfast veryfast faster fast medium slow slower veryslow placebo"},
    {"libx264", "tune", "film animation grain stillimage psnr ssim fastdecode zerolatency"},
    {"libx264", "profile", "baseline main high high10 high422 high444"},
    {"libx265", "preset",
     "ultrafast superfast veryfast faster fast medium slow slower veryslow placebo"},
    {"libx265", "tune", "psnr ssim grain zerolatency fastdecode animation"},
    {"libx265", "profile",
     "main main10 mainstillpicture msp main-intra main10-intra main444-8 main444-intra "
     "main444-stillpicture main422-10 main422-10-intra main444-10 main444-10-intra main12 "
     "main12-intra main422-12 main422-12-intra main444-12 main444-12-intra main444-16-intra "
     "main444-16-stillpicture"},
};

static void add_handed_on(GString *names, const char *encoder, const char *option)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(handed_on); i++)
        if (!strcmp(handed_on[i].encoder, encoder) && !strcmp(handed_on[i].option, option))
            g_string_append_printf(names, " %s", handed_on[i].names);
}

static void add_constants(GString *names, const AVClass *class, const char *unit)
{
    const AVOption *option = NULL;
    while (class && unit && (option = av_opt_next(&class, option)))
        if (option->type == AV_OPT_TYPE_CONST && g_strcmp0(option->unit, unit) == 0)
            g_string_append_printf(names, " %s", option->name);
}

char **option_choices(const char *owner, const AVClass *own, const AVClass *class,
                      const AVOption *option)
{
    g_autoptr(GString) names = g_string_new(NULL);
    add_constants(names, class, option->unit);
    if (option->flags & AV_OPT_FLAG_CHILD_CONSTS)
        add_constants(names, own, option->unit);
    add_handed_on(names, owner, option->name);
    return g_strsplit(names->len ? names->str + 1 : "", " ", -1);
}

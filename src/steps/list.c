/* SPDX-License-Identifier: GPL-3.0-or-later
 * All steps, in the order of the manual. */
#include "steps/list.h"

#include <string.h>

#include "autocrop/autocrop.h"
#include "blur/blur.h"
#include "channels/channels.h"
#include "color/color.h"
#include "compress/compress.h"
#include "contact_sheet/contact_sheet.h"
#include "crop/crop.h"
#include "deflicker/deflicker.h"
#include "deinterlace/deinterlace.h"
#include "delay/delay.h"
#include "denoise/denoise.h"
#include "eq/eq.h"
#include "fade/fade.h"
#include "flatten/flatten.h"
#include "fps/fps.h"
#include "freeze/freeze.h"
#include "gain/gain.h"
#include "gate/gate.h"
#include "grade/grade.h"
#include "limit/limit.h"
#include "loudness/loudness.h"
#include "metadata/metadata.h"
#include "mix/mix.h"
#include "overlay/overlay.h"
#include "pad/pad.h"
#include "preview/preview.h"
#include "reframe/reframe.h"
#include "resample/resample.h"
#include "resize/resize.h"
#include "rotate/rotate.h"
#include "sharpen/sharpen.h"
#include "silence/silence.h"
#include "speed/speed.h"
#include "sprite/sprite.h"
#include "stabilise/stabilise.h"
#include "still/still.h"
#include "subtitles/subtitles.h"
#include "text/text.h"
#include "trim/trim.h"

const struct step *const steps_all[] = {
    &trim_step,      &fps_step,           &deinterlace_step, &crop_step,     &autocrop_step,
    &stabilise_step, &deflicker_step,     &reframe_step,     &resize_step,   &pad_step,
    &rotate_step,    &sharpen_step,       &blur_step,        &flatten_step,  &fade_step,
    &speed_step,     &freeze_step,        &overlay_step,     &text_step,     &subtitles_step,
    &grade_step,     &color_step,         &loudness_step,    &gain_step,     &limit_step,
    &channels_step,  &resample_step,      &eq_step,          &compress_step, &gate_step,
    &denoise_step,   &mix_step,           &silence_step,     &delay_step,    &still_step,
    &preview_step,   &contact_sheet_step, &sprite_step,      &metadata_step,
};
const unsigned steps_count = G_N_ELEMENTS(steps_all);

const struct step *step_find(const char *name)
{
    for (unsigned i = 0; i < steps_count; i++)
        if (strcmp(steps_all[i]->name, name) == 0)
            return steps_all[i];
    return NULL;
}

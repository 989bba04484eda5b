/* SPDX-License-Identifier: GPL-3.0-or-later
 * All faces, in the order of steps/list.c. A face that a step doesn't have is NULL. */
#include "steps/faces.h"

#include "steps/list.h"

#include <string.h>

extern video_face color_video, crop_video, deinterlace_video, fade_video, fps_video, grade_video,
    metadata_video, overlay_video, pad_video, preview_video, resize_video, rotate_video,
    subtitles_video, speed_video, still_video, text_video, trim_video;
extern audio_face channels_audio, compress_audio, delay_audio, denoise_audio, eq_audio, fade_audio,
    gain_audio, gate_audio, limit_audio, loudness_audio, metadata_audio, mix_audio, resample_audio,
    silence_audio, speed_audio, trim_audio;
extern image_face color_image, crop_image, grade_image, metadata_image, overlay_image, pad_image,
    preview_image, resize_image, rotate_image, text_image;
extern gather_face loudness_gather;
extern settle_face loudness_settle;
extern const struct step trim_step, fps_step, deinterlace_step, crop_step, resize_step, pad_step,
    rotate_step, fade_step, speed_step, overlay_step, text_step, subtitles_step, grade_step,
    color_step, loudness_step, gain_step, limit_step, channels_step, resample_step, eq_step,
    compress_step, gate_step, denoise_step, mix_step, silence_step, delay_step, still_step,
    preview_step, metadata_step;

const struct faces step_faces[] = {
    {&trim_step, trim_video, trim_audio, NULL},
    {&fps_step, fps_video, NULL, NULL},
    {&deinterlace_step, deinterlace_video, NULL, NULL},
    {&crop_step, crop_video, NULL, crop_image},
    {&resize_step, resize_video, NULL, resize_image},
    {&pad_step, pad_video, NULL, pad_image},
    {&rotate_step, rotate_video, NULL, rotate_image},
    {&fade_step, fade_video, fade_audio, NULL},
    {&speed_step, speed_video, speed_audio, NULL},
    {&overlay_step, overlay_video, NULL, overlay_image},
    {&text_step, text_video, NULL, text_image},
    {&subtitles_step, subtitles_video, NULL, NULL},
    {&grade_step, grade_video, NULL, grade_image},
    {&color_step, color_video, NULL, color_image},
    {&loudness_step, NULL, loudness_audio, NULL},
    {&gain_step, NULL, gain_audio, NULL},
    {&limit_step, NULL, limit_audio, NULL},
    {&channels_step, NULL, channels_audio, NULL},
    {&resample_step, NULL, resample_audio, NULL},
    {&eq_step, NULL, eq_audio, NULL},
    {&compress_step, NULL, compress_audio, NULL},
    {&gate_step, NULL, gate_audio, NULL},
    {&denoise_step, NULL, denoise_audio, NULL},
    {&mix_step, NULL, mix_audio, NULL},
    {&silence_step, NULL, silence_audio, NULL},
    {&delay_step, NULL, delay_audio, NULL},
    {&still_step, still_video, NULL, NULL},
    {&preview_step, preview_video, NULL, preview_image},
    {&metadata_step, metadata_video, metadata_audio, metadata_image},
};
const unsigned step_faces_count = G_N_ELEMENTS(step_faces);

const struct faces *faces_find(const char *step)
{
    for (unsigned i = 0; i < step_faces_count; i++)
        if (strcmp(step_faces[i].step->name, step) == 0)
            return &step_faces[i];
    return NULL;
}

gather_face *faces_gather(const struct step *step)
{
    return step == &loudness_step ? loudness_gather : NULL;
}

settle_face *faces_settle(const struct step *step)
{
    return step == &loudness_step ? loudness_settle : NULL;
}

void face_tag(const struct face_env *env, const char *key, const char *value)
{
    if (strcmp(key, "*") == 0)
        g_hash_table_remove_all(env->tags);
    g_hash_table_replace(env->tags, g_strdup(key), g_strdup(value));
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * All faces, in the order of steps/list.c. A face that a step doesn't have is NULL. */
#include "steps/faces.h"

#include "steps/list.h"

#include <string.h>

extern video_face deflicker_video, flatten_video, blur_video, subtitles_video, stabilise_video,
    freeze_video, denoise_video, sprite_video, contact_sheet_video, reframe_video, sharpen_video,
    autocrop_video, color_video, crop_video, deinterlace_video, fade_video, fps_video, grade_video,
    metadata_video, overlay_video, pad_video, preview_video, resize_video, rotate_video,
    speed_video, still_video, text_video, trim_video;
extern audio_face freeze_audio, channels_audio, compress_audio, delay_audio, denoise_audio,
    eq_audio, fade_audio, gain_audio, gate_audio, limit_audio, loudness_audio, metadata_audio,
    mix_audio, resample_audio, silence_audio, speed_audio, trim_audio;
extern image_face contact_sheet_image, denoise_image, flatten_image, blur_image, reframe_image,
    sharpen_image, color_image, crop_image, grade_image, metadata_image, overlay_image, pad_image,
    preview_image, resize_image, rotate_image, text_image;
extern look_face autocrop_look, deflicker_look, stabilise_look;
extern const struct sheet_faces contact_sheet_faces;
extern scaling_face resize_scaling;
extern gather_face loudness_gather;
extern settle_face loudness_settle;
extern const struct step deflicker_step, flatten_step, blur_step, subtitles_step, stabilise_step,
    freeze_step, sprite_step, contact_sheet_step, reframe_step, sharpen_step, autocrop_step,
    trim_step, fps_step, deinterlace_step, crop_step, resize_step, pad_step, rotate_step, fade_step,
    speed_step, overlay_step, text_step, grade_step, color_step, loudness_step, gain_step,
    limit_step, channels_step, resample_step, eq_step, compress_step, gate_step, denoise_step,
    mix_step, silence_step, delay_step, still_step, preview_step, metadata_step;

/* The sound worker (worker/serve.h) is built without those that make pictures. */
#ifdef FACES_OF_SOUND
#define SEEN(face) NULL
#else
#define SEEN(face) face
#endif

const struct faces step_faces[] = {
    {&trim_step, SEEN(trim_video), trim_audio, NULL},
    {&fps_step, SEEN(fps_video), NULL, NULL},
    {&deinterlace_step, SEEN(deinterlace_video), NULL, NULL},
    {&crop_step, SEEN(crop_video), NULL, SEEN(crop_image)},
    {&autocrop_step, SEEN(autocrop_video), NULL, NULL},
    {&stabilise_step, SEEN(stabilise_video), NULL, NULL},
    {&deflicker_step, SEEN(deflicker_video), NULL, NULL},
    {&reframe_step, SEEN(reframe_video), NULL, SEEN(reframe_image)},
    {&resize_step, SEEN(resize_video), NULL, SEEN(resize_image)},
    {&pad_step, SEEN(pad_video), NULL, SEEN(pad_image)},
    {&rotate_step, SEEN(rotate_video), NULL, SEEN(rotate_image)},
    {&sharpen_step, SEEN(sharpen_video), NULL, SEEN(sharpen_image)},
    {&blur_step, SEEN(blur_video), NULL, SEEN(blur_image)},
    {&flatten_step, SEEN(flatten_video), NULL, SEEN(flatten_image)},
    {&fade_step, SEEN(fade_video), fade_audio, NULL},
    {&speed_step, SEEN(speed_video), speed_audio, NULL},
    {&freeze_step, SEEN(freeze_video), freeze_audio, NULL},
    {&overlay_step, SEEN(overlay_video), NULL, SEEN(overlay_image)},
    {&text_step, SEEN(text_video), NULL, SEEN(text_image)},
    {&subtitles_step, SEEN(subtitles_video), NULL, NULL},
    {&grade_step, SEEN(grade_video), NULL, SEEN(grade_image)},
    {&color_step, SEEN(color_video), NULL, SEEN(color_image)},
    {&loudness_step, NULL, loudness_audio, NULL},
    {&gain_step, NULL, gain_audio, NULL},
    {&limit_step, NULL, limit_audio, NULL},
    {&channels_step, NULL, channels_audio, NULL},
    {&resample_step, NULL, resample_audio, NULL},
    {&eq_step, NULL, eq_audio, NULL},
    {&compress_step, NULL, compress_audio, NULL},
    {&gate_step, NULL, gate_audio, NULL},
    {&denoise_step, SEEN(denoise_video), denoise_audio, SEEN(denoise_image)},
    {&mix_step, NULL, mix_audio, NULL},
    {&silence_step, NULL, silence_audio, NULL},
    {&delay_step, NULL, delay_audio, NULL},
    {&still_step, SEEN(still_video), NULL, NULL},
    {&preview_step, SEEN(preview_video), NULL, SEEN(preview_image)},
    {&contact_sheet_step, SEEN(contact_sheet_video), NULL, SEEN(contact_sheet_image)},
    {&sprite_step, SEEN(sprite_video), NULL, NULL},
    {&metadata_step, SEEN(metadata_video), metadata_audio, SEEN(metadata_image)},
};
const unsigned step_faces_count = G_N_ELEMENTS(step_faces);

static const struct {
    const struct step *step;
    look_face *look;
} looks[] = {
    {&autocrop_step, SEEN(autocrop_look)},
    {&stabilise_step, SEEN(stabilise_look)},
    {&deflicker_step, SEEN(deflicker_look)},
};

const struct faces *faces_find(const char *step)
{
    for (unsigned i = 0; i < step_faces_count; i++)
        if (strcmp(step_faces[i].step->name, step) == 0)
            return &step_faces[i];
    return NULL;
}

look_face *faces_look(const struct step *step)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(looks); i++)
        if (looks[i].step == step)
            return looks[i].look;
    return NULL;
}

scaling_face *faces_scaling(const struct step *step)
{
    return step == &resize_step ? SEEN(resize_scaling) : NULL;
}

const struct sheet_faces *faces_sheet(const struct step *step)
{
    return step == &contact_sheet_step ? SEEN(&contact_sheet_faces) : NULL;
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

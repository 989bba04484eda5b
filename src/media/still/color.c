/* SPDX-License-Identifier: GPL-3.0-or-later
 * Profiles of stills: what they are called, and the way to sRGB. */
#include "color/convert.h"
#include "color/grade.h"
#include "icc.h"
#include "tags/profile.h"
#include "tags/said.h"

#include <string.h>

char *still_profile_name(VipsImage *image)
{
    const guint8 *data;
    gsize length;
    if (!vips_image_get_typeof(image, VIPS_META_ICC_NAME) ||
        vips_image_get_blob(image, VIPS_META_ICC_NAME, (const void **)&data, &length))
        return NULL;
    char *name = icc_description(data, length);
    return name ? name : g_strdup("an unnamed profile");
}

bool still_is_srgb(VipsImage *image)
{
    const bool has = vips_image_get_typeof(image, VIPS_META_ICC_NAME);
    return !has || profile_space(image) == space_find("srgb");
}

/* EXIF 2.32, 4.6.5: ColorSpace is 1 for sRGB. */
static void note_untagged(struct still *still)
{
    const char *space = NULL;
    VipsImage *image = still_first(still);
    if (vips_image_get_typeof(image, VIPS_META_ICC_NAME) || vips_image_get_typeof(image, SAID_SRGB))
        return;
    if (vips_image_get_typeof(image, "exif-ifd2-ColorSpace"))
        vips_image_get_string(image, "exif-ifd2-ColorSpace", &space);
    if (!space || !g_str_has_prefix(space, "1 "))
        still_note(still, "no colour profile: taken as sRGB");
}

static bool convert(struct still *still, struct failure *failure)
{
    VipsImage *image = still_first(still);
    GBytes *srgb = profile_named(image->Bands < 3 ? "grey" : "srgb");
    bool fine = srgb ? still_to_profile(still, srgb, MIN(image_depth(image), 16), failure)
                     : fail_vips(failure, FAIL_INTERNAL, "there is no profile of sRGB");
    g_clear_pointer(&srgb, g_bytes_unref);
    return fine;
}

const struct space *still_space(const struct still *still)
{
    VipsImage *image = still_first(still);
    return space_of_still(profile_space(image), vips_image_get_typeof(image, VIPS_META_ICC_NAME),
                          image_depth(image) == 32);
}

bool still_to_srgb(struct still *still, struct failure *failure)
{
    const bool is_float = image_depth(still_first(still)) == 32;
    const struct space *space = still_space(still), *srgb = space_find("srgb");
    if (!is_float && space == srgb) {
        note_untagged(still);
        return true;
    }
    g_autofree char *name = still_profile_name(still_first(still));
    if (is_float && space ? !still_to_display(still, srgb, failure) : !convert(still, failure))
        return false;
    still_note(still, "converted from %s to sRGB", name ? name : "linear light");
    return true;
}

/* `args`: the name of a profile that libvips brings along. */
static int place(VipsImage *in, VipsImage **out, const void *args)
{
    g_autoptr(VipsImage) scaled = NULL;
    g_autoptr(VipsImage) whole = NULL;
    VipsBlob *profile = NULL;
    const bool is_float = image_depth(in) == 32;
    if (is_float && (vips_linear1(in, &scaled, 65535, 0.5, NULL) ||
                     vips_cast(scaled, &whole, VIPS_FORMAT_USHORT, NULL)))
        return -1;
    if (vips_copy(is_float ? whole : in, out, "interpretation",
                  is_float ? VIPS_INTERPRETATION_RGB16 : in->Type, NULL) ||
        vips_profile_load(args, &profile, NULL))
        return -1;
    size_t length;
    const void *data = vips_blob_get(profile, &length);
    vips_image_set_blob_copy(*out, VIPS_META_ICC_NAME, data, length);
    vips_area_unref(VIPS_AREA(profile));
    return 0;
}

bool still_set_space(struct still *still, struct failure *failure, bool p3)
{
    still->placed = p3;
    return still_each(still, failure, "the colour profile can't be set", place, p3 ? "p3" : "srgb");
}

bool still_to_sdr(struct still *still, const struct space *space, struct failure *failure)
{
    const struct convert_options options = {.tone_map = TONE_BT2390};
    g_auto(look_ptr) look = color_convert(space, space_find("srgb"), &options);
    struct grade *grade = grade_create();
    grade_add(grade, look);
    still_note(still, "converted to sRGB: %s", grade_describe(grade));
    return still_grade(still, failure, grade) &&
           still_each(still, failure, "the colour profile can't be set", place, "srgb");
}

bool still_to_display(struct still *still, const struct space *display, struct failure *failure)
{
    const struct convert_options options = {.tone_map = TONE_CLIP};
    g_auto(look_ptr) bounds = look_create(NULL, NULL, 0);
    g_auto(look_ptr) look = color_convert(still_space(still), display, &options);
    look_add(bounds,
             &(struct look_stage){.kind = LOOK_CLAMP, .clamp = {STILL_FLOAT_MIN, STILL_FLOAT_MAX}});
    struct grade *grade = grade_create();
    grade_add(grade, bounds);
    grade_add(grade, look);
    return still_grade(still, failure, grade) &&
           still_set_space(still, failure, display == space_find("display-p3"));
}

/* From sRGB to the colours of `base`, 16 bits. */
static int to_base(VipsImage *layer, VipsImage **out, VipsImage *base)
{
    g_autoptr(VipsImage) lab = NULL;
    g_autoptr(VipsImage) tagged = NULL;
    const void *data;
    gsize length;
    if (still_is_srgb(base))
        return vips_copy(layer, out, NULL);
    if (vips_image_get_blob(base, VIPS_META_ICC_NAME, &data, &length) ||
        vips_icc_import(layer, &lab, "input_profile", "srgb", "intent", VIPS_INTENT_RELATIVE,
                        NULL) ||
        vips_copy(lab, &tagged, NULL))
        return -1;
    vips_image_set_blob_copy(tagged, VIPS_META_ICC_NAME, data, length);
    return vips_icc_export(tagged, out, "intent", VIPS_INTENT_RELATIVE, "depth", 16, NULL);
}

int layer_match(VipsImage *layer, VipsImage **out, VipsImage *base)
{
    g_autoptr(VipsImage) colors = NULL;
    g_autoptr(VipsImage) wide = NULL;
    g_autoptr(VipsImage) values = NULL;
    const bool linear = image_depth(base) == 32 && !vips_image_get_typeof(base, VIPS_META_ICC_NAME);
    if (linear ? vips_colourspace(layer, &colors, VIPS_INTERPRETATION_scRGB, NULL)
               : to_base(layer, &colors, base))
        return -1;
    if (image_to_rgb(colors, &wide))
        return -1;
    double scale = 1 / 65535.0;
    double scales[4] = {linear ? 1 : scale, linear ? 1 : scale, linear ? 1 : scale, scale};
    double zeros[4] = {0};
    if (wide->Bands != 4 || vips_linear(wide, &values, scales, zeros, 4, NULL)) {
        vips_error("layer", "not a picture with transparency");
        return -1;
    }
    g_autoptr(VipsImage) single = NULL;
    if (vips_cast(values, &single, VIPS_FORMAT_FLOAT, NULL))
        return -1;
    *out = vips_image_copy_memory(single);
    return *out ? 0 : -1;
}

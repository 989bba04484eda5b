/* SPDX-License-Identifier: GPL-3.0-or-later
 * Colour profiles of stills, through lcms2. */
#include "profile.h"

#include "../icc.h"
#include "color/space.h"

#include <lcms2.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PROFILE_MAX_BYTES = 32 << 20 };

/* IEC 61966-2-1: the curve of sRGB, as lcms2's parametric type 4. */
static const double srgb_curve[] = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
static const cmsCIExyY d65 = {0.3127, 0.3290, 1};
static const cmsCIExyYTRIPLE bt709 = {{0.64, 0.33, 1}, {0.30, 0.60, 1}, {0.15, 0.06, 1}};
/* Adobe RGB (1998) Color Image Encoding, version 2005-05: primaries, and a gamma of 2 + 51/256. */
static const cmsCIExyYTRIPLE adobe = {{0.64, 0.33, 1}, {0.21, 0.71, 1}, {0.15, 0.06, 1}};
static const double adobe_gamma = 2 + 51 / 256.;

/* ISO 22028-2, ROMM RGB. */
static const cmsCIExyYTRIPLE romm = {{0.7347, 0.2653, 1}, {0.1596, 0.8404, 1}, {0.0366, 0.0001, 1}};

/* `curve` is consumed. */
static cmsHPROFILE rgb_profile(const cmsCIExyY *white, const cmsCIExyYTRIPLE *primaries,
                               cmsToneCurve *curve)
{
    cmsToneCurve *curves[] = {curve, curve, curve};
    cmsHPROFILE profile = cmsCreateRGBProfile(white, primaries, curves);
    cmsFreeToneCurve(curve);
    return profile;
}

static cmsHPROFILE grey_profile(cmsToneCurve *curve)
{
    cmsHPROFILE profile = cmsCreateGrayProfile(cmsD50_xyY(), curve);
    cmsFreeToneCurve(curve);
    return profile;
}

/* A power; 0: sRGB's. */
static cmsToneCurve *curve_of(double power)
{
    return power > 0 ? cmsBuildGamma(NULL, power)
                     : cmsBuildParametricToneCurve(NULL, 4, srgb_curve);
}

static void entitle(cmsHPROFILE profile, const char *title)
{
    cmsMLU *text = cmsMLUalloc(NULL, 1);
    cmsMLUsetASCII(text, "en", "US", title);
    cmsWriteTag(profile, cmsSigProfileDescriptionTag, text);
    cmsMLUfree(text);
}

/* ICC.1:2010, 7.2.8: the date of creation is in bytes 24 to 35 of the header. */
static void set_date(guint8 *profile)
{
    static const guint8 date[12] = {2026 >> 8, 2026 & 255, 0, 1, 0, 1};
    memcpy(profile + 24, date, sizeof date);
}

/* As version 2.1, which every reader knows. `profile` is consumed. */
static GBytes *saved(cmsHPROFILE profile, const char *title)
{
    cmsUInt32Number length = 0;
    guint8 *data = NULL;
    entitle(profile, title);
    cmsSetProfileVersion(profile, 2.1);
    if (cmsSaveProfileToMem(profile, NULL, &length) && length > 128) {
        data = g_malloc(length);
        cmsSaveProfileToMem(profile, data, &length);
        set_date(data);
    }
    cmsCloseProfile(profile);
    return data ? g_bytes_new_take(data, length) : NULL;
}

static GBytes *of_libvips(const char *name)
{
    VipsBlob *blob = NULL;
    if (vips_profile_load(name, &blob, NULL) || !blob)
        return NULL;
    size_t length;
    const void *data = vips_blob_get(blob, &length);
    GBytes *profile = g_bytes_new(data, length);
    vips_area_unref(VIPS_AREA(blob));
    return profile;
}

GBytes *profile_named(const char *name)
{
    if (strcmp(name, "adobe-rgb") == 0)
        return saved(rgb_profile(&d65, &adobe, cmsBuildGamma(NULL, adobe_gamma)),
                     "Compatible with Adobe RGB (1998)");
    if (strcmp(name, "grey") == 0)
        return saved(grey_profile(curve_of(0)), "Grey with the curve of sRGB");
    return of_libvips(strcmp(name, "display-p3") == 0 ? "p3" : "srgb");
}

GBytes *profile_romm(void)
{
    return saved(rgb_profile(cmsD50_xyY(), &romm, cmsBuildGamma(NULL, ROMM_GAMMA)),
                 "ROMM RGB with a gamma of 1.8");
}

GBytes *profile_made(double xy[4][2], double power, const char *title)
{
    if (!xy)
        return saved(grey_profile(curve_of(power)), title);
    const cmsCIExyY white = {xy[0][0], xy[0][1], 1};
    const cmsCIExyYTRIPLE points = {
        {xy[1][0], xy[1][1], 1}, {xy[2][0], xy[2][1], 1}, {xy[3][0], xy[3][1], 1}};
    cmsHPROFILE profile = rgb_profile(&white, &points, curve_of(power));
    return profile ? saved(profile, title) : NULL;
}

static cmsHPROFILE opened(GBytes *bytes)
{
    gsize length;
    const void *data = g_bytes_get_data(bytes, &length);
    return cmsOpenProfileFromMem(data, (cmsUInt32Number)length);
}

static int bands_of(cmsHPROFILE profile)
{
    cmsColorSpaceSignature space = cmsGetColorSpace(profile);
    return space == cmsSigGrayData   ? 1
           : space == cmsSigRgbData  ? 3
           : space == cmsSigCmykData ? 4
                                     : 0;
}

int profile_bands(GBytes *bytes)
{
    cmsHPROFILE profile = opened(bytes);
    int bands = profile ? bands_of(profile) : 0;
    if (profile)
        cmsCloseProfile(profile);
    return bands;
}

static bool takes_pictures(GBytes *bytes)
{
    cmsHPROFILE profile = opened(bytes);
    bool takes = profile && bands_of(profile) &&
                 cmsIsIntentSupported(profile, INTENT_RELATIVE_COLORIMETRIC, LCMS_USED_AS_OUTPUT);
    if (profile)
        cmsCloseProfile(profile);
    return takes;
}

GBytes *profile_read(int fd, struct failure *failure)
{
    struct stat stat;
    off_t length = fstat(fd, &stat) == 0 ? stat.st_size : 0;
    if (length < 128 || length > PROFILE_MAX_BYTES) {
        fail(failure, FAIL_CONFIG, "encode: the file of `profile` is no colour profile (ICC)");
        return NULL;
    }
    guint8 *data = g_malloc((gsize)length);
    ssize_t got = pread(fd, data, (gsize)length, 0);
    GBytes *bytes = g_bytes_new_take(data, (gsize)MAX(got, 0));
    if (got == length && takes_pictures(bytes))
        return bytes;
    g_bytes_unref(bytes);
    fail(failure, FAIL_CONFIG,
         "encode: the file of `profile` is damaged, or no profile that a picture can be converted "
         "to: RGB, grey or CMYK, of a display, a printer or a colour space");
    return NULL;
}

char *profile_title(GBytes *bytes)
{
    gsize length;
    const guint8 *data = g_bytes_get_data(bytes, &length);
    char *title = icc_description(data, length);
    return title ? title : g_strdup("an unnamed profile");
}

/* Colour components of a picture. */
static int colors_of(VipsImage *image)
{
    return image->Type == VIPS_INTERPRETATION_CMYK ? 4 : image->Bands < 3 ? 1 : 3;
}

/* Of the picture; NULL when it has none, or one that isn't of its sort. */
static cmsHPROFILE embedded(VipsImage *image)
{
    const void *data;
    gsize length;
    if (!vips_image_get_typeof(image, VIPS_META_ICC_NAME) ||
        vips_image_get_blob(image, VIPS_META_ICC_NAME, &data, &length))
        return NULL;
    cmsHPROFILE profile = cmsOpenProfileFromMem(data, (cmsUInt32Number)length);
    if (profile && bands_of(profile) == colors_of(image) &&
        cmsIsIntentSupported(profile, INTENT_RELATIVE_COLORIMETRIC, LCMS_USED_AS_INPUT))
        return profile;
    if (profile)
        cmsCloseProfile(profile);
    return NULL;
}

GBytes *profile_of(VipsImage *image)
{
    const void *data;
    gsize length;
    if (!vips_image_get_typeof(image, VIPS_META_ICC_NAME) ||
        vips_image_get_blob(image, VIPS_META_ICC_NAME, &data, &length))
        return NULL;
    return g_bytes_new(data, length);
}

/* Of all three curves; where they are neither straight nor sRGB's, *linear stays. */
static bool read_curve(cmsHPROFILE profile, bool *linear)
{
    static const cmsTagSignature tags[] = {cmsSigRedTRCTag, cmsSigGreenTRCTag, cmsSigBlueTRCTag};
    static const double slack = 0.002;
    const struct space *srgb = space_find("srgb");
    bool straight = true, curved = true;
    for (unsigned i = 0; i < G_N_ELEMENTS(tags); i++) {
        const cmsToneCurve *curve = cmsReadTag(profile, tags[i]);
        for (int at = 0; curve && at <= 16; at++) {
            const double code = at / 16.0;
            const double light = cmsEvalToneCurveFloat(curve, (float)code);
            straight &= fabs(light - code) <= slack;
            curved &= fabs(light - space_decode(srgb, code)) <= slack;
        }
        if (!curve)
            return false;
    }
    *linear = straight;
    return straight || curved;
}

static bool read_colorants(cmsHPROFILE profile, double xyz[3][3])
{
    static const cmsTagSignature tags[] = {cmsSigRedColorantTag, cmsSigGreenColorantTag,
                                           cmsSigBlueColorantTag};
    for (unsigned i = 0; i < G_N_ELEMENTS(tags); i++) {
        const cmsCIEXYZ *colorant = cmsReadTag(profile, tags[i]);
        if (!colorant)
            return false;
        xyz[0][i] = colorant->X;
        xyz[1][i] = colorant->Y;
        xyz[2][i] = colorant->Z;
    }
    return true;
}

/* False: it has no such numbers. *space NULL: they are of none that is known here. */
static bool space_by_numbers(VipsImage *image, const struct space **space)
{
    double xyz[3][3];
    bool linear;
    cmsHPROFILE profile = embedded(image);
    const bool matrix = profile && !cmsIsTag(profile, cmsSigAToB0Tag) &&
                        cmsIsMatrixShaper(profile) && read_colorants(profile, xyz);
    *space = matrix && read_curve(profile, &linear) ? space_of_colorants(xyz, linear) : NULL;
    if (profile)
        cmsCloseProfile(profile);
    return matrix;
}

const struct space *profile_space(VipsImage *image)
{
    const struct space *space;
    if (space_by_numbers(image, &space))
        return space;
    g_autofree char *name = still_profile_name(image);
    return name ? space_of_profile(name) : NULL;
}

bool profile_is_usable(VipsImage *image)
{
    cmsHPROFILE profile = embedded(image);
    if (profile)
        cmsCloseProfile(profile);
    return profile != NULL;
}

static cmsHPROFILE source_profile(VipsImage *image)
{
    cmsHPROFILE profile = embedded(image);
    if (profile)
        return profile;
    if (image_depth(image) == 32)
        return rgb_profile(&d65, &bt709, cmsBuildGamma(NULL, 1));
    GBytes *usual = colors_of(image) == 1 ? profile_named("grey")
                                          : of_libvips(colors_of(image) == 3 ? "srgb" : "cmyk");
    profile = usual ? opened(usual) : NULL;
    g_clear_pointer(&usual, g_bytes_unref);
    return profile;
}

/* lcms2's word for the pixels of an image with so many colour components. */
static cmsUInt32Number pixels_of(int bands, bool alpha, int depth)
{
    int space = bands == 1 ? PT_GRAY : bands == 3 ? PT_RGB : PT_CMYK;
    cmsUInt32Number type = (cmsUInt32Number)(COLORSPACE_SH(space) | CHANNELS_SH(bands) |
                                             EXTRA_SH(alpha) | BYTES_SH(depth / 8));
    return depth == 32 ? type | FLOAT_SH(1) : type;
}

/* RGB and grey of 8 bits go through tables, which are exact to a code value or two; from CMYK they
 * would miss by a delta E of 3. */
static cmsUInt32Number flags_of(VipsImage *in, int depth, bool alpha)
{
    bool exact = colors_of(in) == 4 || (image_depth(in) > 8 && depth > 8);
    return cmsFLAGS_BLACKPOINTCOMPENSATION | cmsFLAGS_NOCACHE | (alpha ? cmsFLAGS_COPY_ALPHA : 0) |
           (exact ? cmsFLAGS_NOOPTIMIZE : 0);
}

struct target {
    GBytes *profile;
    int bands, depth;
};

static cmsHTRANSFORM transform_of(VipsImage *in, const struct target *target)
{
    bool alpha = vips_image_hasalpha(in);
    int depth = image_depth(in), to_depth = depth == 32 ? 32 : target->depth;
    cmsHPROFILE from = source_profile(in), to = opened(target->profile);
    cmsHTRANSFORM transform = cmsCreateTransform(
        from, pixels_of(colors_of(in), alpha, depth), to, pixels_of(target->bands, alpha, to_depth),
        INTENT_RELATIVE_COLORIMETRIC, flags_of(in, to_depth, alpha));
    if (from)
        cmsCloseProfile(from);
    cmsCloseProfile(to);
    return transform;
}

static void round_row(void *out, const float *values, int count, int bytes, double white)
{
    for (int i = 0; i < count; i++) {
        long value = lrint(CLAMP(values[i] * white, 0, bytes == 1 ? 255 : 65535));
        if (bytes == 1)
            ((guint8 *)out)[i] = (guint8)value;
        else
            ((guint16 *)out)[i] = (guint16)value;
    }
}

static void bound_row(float *out, const float *values, int count)
{
    for (int i = 0; i < count; i++)
        out[i] = isnan(values[i]) ? 0 : CLAMP(values[i], STILL_FLOAT_MIN, STILL_FLOAT_MAX);
}

/* lcms2 keeps what is beyond 0 and 1 from float to float alone; there ink is in percent. */
static void transform_float(cmsHTRANSFORM transform, VipsRegion *in, VipsRegion *out)
{
    const VipsRect *r = &out->valid;
    int count = r->width * out->im->Bands, bytes = image_depth(out->im) / 8;
    double white = image_white(out->im) / (out->im->Type == VIPS_INTERPRETATION_CMYK ? 100 : 1);
    g_autofree float *bounded = g_new(float, (gsize)r->width *(gsize)in->im->Bands);
    g_autofree float *values = g_new(float, (gsize)count);
    for (int y = r->top; y < r->top + r->height; y++) {
        bound_row(bounded, (const float *)VIPS_REGION_ADDR(in, r->left, y),
                  r->width * in->im->Bands);
        cmsDoTransform(transform, bounded, values, (cmsUInt32Number)r->width);
        round_row(VIPS_REGION_ADDR(out, r->left, y), values, count, bytes, white);
    }
}

static int generate(VipsRegion *out, void *sequence, void *a, void *b, gboolean *stop)
{
    VipsRegion *in = sequence;
    const VipsRect *r = &out->valid;
    if (vips_region_prepare(in, r))
        return -1;
    if (image_depth(in->im) == 32) {
        transform_float(b, in, out);
        return 0;
    }
    for (int y = r->top; y < r->top + r->height; y++)
        cmsDoTransform(b, VIPS_REGION_ADDR(in, r->left, y), VIPS_REGION_ADDR(out, r->left, y),
                       (cmsUInt32Number)r->width);
    return 0;
}

static VipsInterpretation type_of(const struct target *target)
{
    bool deep = target->depth == 16;
    return target->bands == 4   ? VIPS_INTERPRETATION_CMYK
           : target->bands == 3 ? (deep ? VIPS_INTERPRETATION_RGB16 : VIPS_INTERPRETATION_sRGB)
           : deep               ? VIPS_INTERPRETATION_GREY16
                                : VIPS_INTERPRETATION_B_W;
}

static int convert(VipsImage *in, VipsImage **out, const void *args)
{
    const struct target *target = args;
    cmsHTRANSFORM transform = transform_of(in, target);
    if (!transform) {
        vips_error("profile", "%s", "the profiles can't be put together");
        return -1;
    }
    g_autoptr(VipsImage) image = vips_image_new();
    g_object_set_data_full(G_OBJECT(image), "rushes-transform", transform, cmsDeleteTransform);
    vips_object_local(image, g_object_ref(in));
    if (vips_image_pipelinev(image, VIPS_DEMAND_STYLE_THINSTRIP, in, NULL))
        return -1;
    gsize length;
    const void *data = g_bytes_get_data(target->profile, &length);
    image->Bands = target->bands + vips_image_hasalpha(in);
    image->BandFmt = target->depth == 8 ? VIPS_FORMAT_UCHAR : VIPS_FORMAT_USHORT;
    image->Type = type_of(target);
    vips_image_set_blob_copy(image, VIPS_META_ICC_NAME, data, length);
    if (vips_image_generate(image, vips_start_one, generate, vips_stop_one, in, transform))
        return -1;
    *out = g_steal_pointer(&image);
    return 0;
}

bool still_to_profile(struct still *still, GBytes *profile, int depth, struct failure *failure)
{
    const struct target target = {profile, profile_bands(profile), depth};
    return still_each(still, failure, "the colours can't be converted", convert, &target);
}

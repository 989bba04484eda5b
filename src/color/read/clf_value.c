/* SPDX-License-Identifier: GPL-3.0-or-later
 * The operations of CLF whose numbers stand in elements: Range and ASC_CDL. */
#include "clf.h"

#include <float.h>
#include <math.h>

#define PAIR_TOLERANCE                                                         \
    1e-5 /* of a one-sided Range: integers and six decimals never meet exactly \
          */

/* False when it isn't there, or reported. */
static bool take_value(struct clf *clf, const struct xml *node, const char *name, double scale,
                       double *out)
{
    const struct xml *child = xml_child(node, name);
    if (!child || !clf_numbers(clf, child, 1, out))
        return false;
    *out /= scale;
    return true;
}

struct range {
    bool has_in, has_out;
    double in, out;
};

static struct range take_end(struct clf *clf, const struct xml *node, const char *in,
                             const char *out)
{
    struct range end = {0};
    end.has_in = take_value(clf, node, in, clf->in_scale, &end.in);
    end.has_out = take_value(clf, node, out, clf->out_scale, &end.out);
    if (end.has_in != end.has_out && clf->scan.errors == 0)
        xml_error(&clf->scan, node->tag, NULL, "%s and %s stand together", in, out);
    return end;
}

static void add_clamp(struct clf *clf, double low, double high)
{
    look_add(clf->look, &(struct look_stage){.kind = LOOK_CLAMP, .clamp = {low, high}});
}

static void add_one_sided(struct clf *clf, const struct xml *node, const struct range *end,
                          bool is_low)
{
    if (fabs(end->in - end->out) > PAIR_TOLERANCE)
        xml_error(&clf->scan, node->tag, "with one end it only clamps: give both ends to scale",
                  "the two values of a one-sided Range aren't the same, scaled by bit depth");
    add_clamp(clf, is_low ? end->out : -FLT_MAX, is_low ? FLT_MAX : end->out);
}

static void add_two_sided(struct clf *clf, const struct xml *node, const struct range *low,
                          const struct range *high, bool clamps)
{
    if (high->in - low->in < LOOK_RANGE_LEAST || high->out < low->out) {
        xml_error(&clf->scan, node->tag,
                  "minInValue < maxInValue, by a millionth of white at least, and minOutValue <= "
                  "maxOutValue",
                  "the Range is empty or runs backwards");
        return;
    }
    const double scale = (high->out - low->out) / (high->in - low->in);
    struct look_matrix matrix = {0};
    for (int c = 0; c < 3; c++) {
        matrix.factor[c][c] = scale;
        matrix.offset[c] = low->out - low->in * scale;
    }
    look_add_matrix(clf->look, &matrix);
    if (clamps)
        add_clamp(clf, low->out, high->out);
}

void clf_range(struct clf *clf, const struct xml *node)
{
    static const char *const styles[] = {"Clamp", "noClamp", NULL};
    const int style = clf_choice(clf, node, "style", styles, 0);
    const struct range low = take_end(clf, node, "minInValue", "minOutValue"),
                       high = take_end(clf, node, "maxInValue", "maxOutValue");
    if (clf->scan.errors)
        return;
    if (low.has_in && high.has_in)
        add_two_sided(clf, node, &low, &high, style == 0);
    else if (style == 1)
        xml_error(&clf->scan, node->tag, "all four values",
                  "a Range that doesn't clamp has both "
                  "ends");
    else if (low.has_in || high.has_in)
        add_one_sided(clf, node, low.has_in ? &low : &high, low.has_in);
    else
        xml_error(&clf->scan, node->tag, "minInValue and minOutValue, maxInValue and maxOutValue",
                  "the Range has no values");
}

static void take_sop(struct clf *clf, const struct xml *node, struct cdl *cdl)
{
    const struct xml *sop = xml_child(node, "SOPNode");
    const struct {
        const char *name;
        double *to;
    } parts[] = {{"Slope", cdl->slope}, {"Offset", cdl->offset}, {"Power", cdl->power}};
    for (gsize i = 0; sop && i < G_N_ELEMENTS(parts); i++) {
        const struct xml *part = clf_need(clf, sop, parts[i].name);
        if (part)
            clf_numbers(clf, part, 3, parts[i].to);
    }
}

static void take_saturation(struct clf *clf, const struct xml *node, struct cdl *cdl)
{
    const struct xml *sat = xml_child(node, "SatNode");
    const struct xml *value = sat ? clf_need(clf, sat, "Saturation") : NULL;
    if (value)
        clf_numbers(clf, value, 1, &cdl->saturation);
}

/* What undoes the numbers, each by itself, offset after slope. */
static struct cdl inverse_of(const struct cdl *cdl)
{
    struct cdl inverse = {.saturation = 1 / cdl->saturation, .clamp = cdl->clamp};
    for (int c = 0; c < 3; c++) {
        inverse.slope[c] = 1 / cdl->slope[c];
        inverse.offset[c] = -cdl->offset[c] / cdl->slope[c];
        inverse.power[c] = 1 / cdl->power[c];
    }
    return inverse;
}

/* Whether a CDL may have these numbers; else reported. */
static bool check_inverse(struct clf *clf, const struct xml *node, const struct cdl *inverse)
{
    g_auto(diag_ptr) trial = diag_create();
    if (cdl_check(inverse, (struct mark){0}, trial))
        return true;
    xml_error(&clf->scan, node->tag,
              "slope and saturation from 0.000001, offset / slope up to 1000000, power from 0.001",
              "this ASC_CDL can't be reversed: its inverse has numbers without end or too large");
    return false;
}

/* Saturation first, then power, then what undoes offset and slope. */
static void add_reverse(struct clf *clf, const struct cdl *inverse, bool clamps)
{
    struct cdl saturate = cdl_neutral(), power = cdl_neutral();
    struct look_matrix matrix = {0};
    saturate.clamp = power.clamp = inverse->clamp;
    saturate.saturation = inverse->saturation;
    for (int c = 0; c < 3; c++) {
        power.power[c] = inverse->power[c];
        matrix.factor[c][c] = inverse->slope[c];
        matrix.offset[c] = inverse->offset[c];
    }
    if (clamps)
        add_clamp(clf, 0, 1);
    look_add_cdl(clf->look, &saturate);
    look_add_cdl(clf->look, &power);
    look_add_matrix(clf->look, &matrix);
    if (clamps)
        add_clamp(clf, 0, 1);
}

void clf_cdl(struct clf *clf, const struct xml *node)
{
    static const char *const styles[] = {"Fwd",        "Rev",        "FwdNoClamp",
                                         "RevNoClamp", "v1.2_Fwd",   "v1.2_Rev",
                                         "noClampFwd", "noClampRev", NULL};
    const int style = clf_choice(clf, node, "style", styles, 0);
    const bool clamps = style % 4 < 2, reverse = style % 2;
    struct cdl cdl = cdl_neutral();
    cdl.clamp = clamps ? CDL_CLAMP_ASC : CDL_CLAMP_NONE;
    take_sop(clf, node, &cdl);
    take_saturation(clf, node, &cdl);
    if (clf->scan.errors)
        return;
    scan_place(&clf->scan, node->tag.start);
    const struct mark at = {clf->scan.file, clf->scan.number, 0, 0};
    if (!cdl_check(&cdl, at, clf->scan.diag)) {
        clf->scan.errors++;
    } else if (reverse) {
        const struct cdl inverse = inverse_of(&cdl);
        if (check_inverse(clf, node, &inverse))
            add_reverse(clf, &inverse, clamps);
    } else {
        if (clamps && cdl_is_neutral(&cdl))
            add_clamp(clf, 0, 1);
        look_add_cdl(clf->look, &cdl);
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * Two pictures: how alike, and drawn side by side. */
#include "private.h"

#include "../still/likeness.h"
#include "media/still_file.h"

#include <math.h>

/* Of a component, or of several as one. */
struct error {
    double squares, most;
    int64_t samples;
};

struct looking {
    const AVFrame *reference, *made;
    struct components form;
    bool *changed; /* a pixel */
    float *a[3], *b[3];
};

/* Of subsampling: 1, 2 or 4. */
static int step_of(int whole, int part)
{
    return (whole + part - 1) / part;
}

static void mark(struct looking *looking, int component, int x, int y)
{
    const struct components *form = &looking->form;
    const int across = step_of(form->width[0], form->width[component]);
    const int down = step_of(form->height[0], form->height[component]);
    for (int row = y * down; row < MIN((y + 1) * down, form->height[0]); row++)
        for (int column = x * across; column < MIN((x + 1) * across, form->width[0]); column++)
            looking->changed[(size_t)row * (size_t)form->width[0] + (size_t)column] = true;
}

static void look_at(struct looking *looking, int component, struct error *error)
{
    const struct components *form = &looking->form;
    const size_t width = (size_t)form->width[component];
    const bool kept = component < MIN(form->colors, 3);
    g_autofree uint16_t *a = g_new(uint16_t, width), *b = g_new(uint16_t, width);
    if (kept) {
        looking->a[component] = g_new(float, width *(size_t)form->height[component]);
        looking->b[component] = g_new(float, width *(size_t)form->height[component]);
    }
    for (int y = 0; y < form->height[component]; y++) {
        component_row(looking->reference, component, y, a);
        component_row(looking->made, component, y, b);
        for (size_t x = 0; x < width; x++) {
            const double off = (double)a[x] - b[x];
            error->squares += off * off;
            if (a[x] != b[x])
                mark(looking, component, (int)x, y);
            error->most = fmax(error->most, fabs(off));
            if (kept) {
                looking->a[component][(size_t)y * width + x] = a[x];
                looking->b[component][(size_t)y * width + x] = b[x];
            }
        }
    }
    error->samples += (int64_t)width * form->height[component];
}

static double psnr_db(const struct error *error, double peak)
{
    if (!(error->squares > 0))
        return ALIKE_PSNR_DB;
    return fmin(10 * log10(peak * peak * (double)error->samples / error->squares), ALIKE_PSNR_DB);
}

/* In place of R (BT.601's weights, as SSIM of stills). */
static void to_luma(struct looking *looking)
{
    const size_t count = (size_t)looking->form.width[0] * (size_t)looking->form.height[0];
    float *const *const both[] = {looking->a, looking->b};
    for (int i = 0; i < 2; i++) {
        float *red = both[i][0];
        const float *green = both[i][1], *blue = both[i][2];
        for (size_t k = 0; k < count; k++)
            red[k] = 0.299F * red[k] + 0.587F * green[k] + 0.114F * blue[k];
    }
}

static void like_eyes(struct looking *looking, struct slices *slices, struct pair *pair)
{
    const struct components *form = &looking->form;
    const double peak = (1 << form->depth) - 1;
    if (form->rgb)
        to_luma(looking);
    for (int c = 0; c < (form->rgb ? 1 : MIN(form->colors, 3)); c++) {
        const struct likeness_planes planes = {looking->a[c], looking->b[c], form->width[c],
                                               form->height[c], peak};
        if (c)
            pair->ssim[c] = likeness_ssim(&planes, slices);
        else
            pair->ms_ssim = likeness_ms_ssim(&planes, slices, &pair->ssim[0]);
    }
}

static double share_changed(const struct looking *looking)
{
    const size_t count = (size_t)looking->form.width[0] * (size_t)looking->form.height[0];
    size_t changed = 0;
    for (size_t i = 0; i < count; i++)
        changed += looking->changed[i];
    return 100 * (double)changed / (double)count;
}

/* The figures of no difference. */
static void take_same(const struct components *form, struct pair *pair)
{
    const bool large = form->width[0] >= 176 && form->height[0] >= 176;
    const int planes = form->rgb ? 1 : MIN(form->colors, 3);
    *pair = (struct pair){.same = true, .ms_ssim = large ? 1 : NAN};
    for (int c = 0; c < 3; c++) {
        pair->psnr_db[c] = c < planes ? ALIKE_PSNR_DB : NAN;
        pair->ssim[c] = c < planes ? 1 : NAN;
    }
}

void pair_compare(const AVFrame *reference, const AVFrame *made, struct slices *slices,
                  struct pair *pair)
{
    struct looking looking = {.reference = reference, .made = made};
    struct error errors[4] = {{0}};
    components_of(reference, &looking.form);
    const struct components *form = &looking.form;
    const double peak = (1 << form->depth) - 1;
    looking.changed = g_new0(bool, (size_t)form->width[0] * (size_t)form->height[0]);
    for (int c = 0; c < form->count; c++) {
        const bool color = c < form->colors;
        look_at(&looking, c, &errors[!color ? 3 : form->rgb ? 0 : c]);
    }
    take_same(form, pair);
    pair->max_difference =
        fmax(fmax(errors[0].most, errors[1].most), fmax(errors[2].most, errors[3].most));
    pair->same = pair->max_difference == 0;
    for (int c = 0; c < 3; c++)
        if (errors[c].samples)
            pair->psnr_db[c] = psnr_db(&errors[c], peak);
    if (errors[3].samples)
        pair->psnr_db[0] = fmin(pair->psnr_db[0], psnr_db(&errors[3], peak));
    if (!pair->same) {
        pair->changed_share = share_changed(&looking);
        like_eyes(&looking, slices, pair);
    }
    for (int c = 0; c < 3; c++) {
        g_free(looking.a[c]);
        g_free(looking.b[c]);
    }
    g_free(looking.changed);
}

/* --- drawn --- */

enum { DRAWN_WIDE = 320, GAP = 4, GAIN = 8 };

uint8_t pixel_code(double value)
{
    return (uint8_t)lrint(CLAMP(value, 0, 255));
}

static struct drawn drawn_size(const AVFrame *frame)
{
    const int wide = MIN(frame->width, DRAWN_WIDE);
    return (struct drawn){wide, MAX(1, (int)((int64_t)frame->height * wide / frame->width))};
}

bool drawn_write(const double *before, const double *after, struct drawn size, int gain, int fd,
                 struct failure *failure)
{
    const int wide = size.wide, all = 3 * wide + 2 * GAP;
    g_autofree uint8_t *rows = g_new0(uint8_t, 3 * (size_t)(all * size.high));
    for (int i = 0; i < wide * size.high; i++) {
        uint8_t *at = rows + 3 * (size_t)(i / wide * all + i % wide);
        for (int c = 0; c < 3; c++) {
            const double was = before[3 * i + c], is = after[3 * i + c];
            at[c] = pixel_code(was);
            at[3 * (wide + GAP) + c] = pixel_code(is);
            at[6 * (wide + GAP) + c] = pixel_code(128 + gain * (is - was));
        }
    }
    return still_write_rgb(rows, all, size.high, fd, failure);
}

bool pair_draw(const AVFrame *reference, const AVFrame *made, int fd, struct failure *failure)
{
    const struct drawn size = drawn_size(reference);
    g_autofree double *before = g_new(double, 3 * (size_t)(size.wide * size.high));
    g_autofree double *after = g_new(double, 3 * (size_t)(size.wide * size.high));
    frame_cells(reference, size.wide, size.high, before);
    frame_cells(made, size.wide, size.high, after);
    return drawn_write(before, after, size, GAIN, fd, failure);
}

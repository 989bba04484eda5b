/* SPDX-License-Identifier: GPL-3.0-or-later
 * A still's header against the limit. */
#include "model/still_limit.h"

#include <math.h>

static const double default_pixels_max = 268402689;

unsigned still_limit_asked(void)
{
    const char *text = g_getenv("RUSHES_MAX_MEGAPIXELS");
    guint64 millions = 0;
    if (text)
        g_ascii_string_to_unsigned(text, 10, 1, MEGAPIXELS_MAX, &millions, NULL);
    return (unsigned)millions;
}

bool still_fits(unsigned megapixels, int width, int height, int pages, double pixel_bytes,
                struct failure *failure)
{
    double pixels = (double)width * height * pages;
    double bytes = pixels * pixel_bytes;
    double most = megapixels ? megapixels * 1e6 : default_pixels_max, most_bytes = 4 * most;
    if (width < 1 || height < 1)
        return fail(failure, FAIL_INPUT_DAMAGED, "the file has no pixels");
    if (pixels > most)
        return fail(failure, FAIL_UNSUPPORTED,
                    "%d x %d pixels%s are %.0f million; the limit is %.0f million "
                    "(`inputs: {max_megapixels: %.0f}` of the job raises it)",
                    width, height, pages > 1 ? " in every frame" : "", pixels / 1e6, most / 1e6,
                    ceil(pixels / 1e6));
    if (bytes > most_bytes)
        return fail(failure, FAIL_UNSUPPORTED,
                    "%d x %d pixels would take %.0f MiB decoded; the limit is %.0f MiB "
                    "(`inputs: {max_megapixels: %.0f}` of the job raises it)",
                    width, height, bytes / 1048576, most_bytes / 1048576, ceil(bytes / 4e6));
    return true;
}

int still_bands(const struct facts *facts)
{
    return facts->bands > 0 ? facts->bands : 3;
}

int still_pixel_bytes(const struct facts *facts)
{
    return still_bands(facts) * (facts->bit_depth > 16 ? 4 : facts->bit_depth > 8 ? 2 : 1);
}

bool still_facts_fit(unsigned megapixels, const struct facts *facts, struct failure *failure)
{
    return facts->kind != KIND_IMAGE || still_fits(megapixels, facts->width, facts->height, 1,
                                                   still_pixel_bytes(facts), failure);
}

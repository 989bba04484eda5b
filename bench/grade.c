/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the colour engine costs: raw frames of a file through a CDL and a cube, from Y'CbCr to
 * Y'CbCr, over and over; CPU seconds, and pixels a second of one core.
 *
 *     bench_grade FRAMES WIDTH HEIGHT BITS CHROMA_H CUBE TIMES [THREADS [PATH]]
 *
 * PATH is plain, avx2 or avx512: no better one is taken than that. */
#include "base/slices.h"
#include "color/cube.h"
#include "color/render.h"
#include "cpu.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const char *const paths[CPU_PATHS] = {"plain", "avx2", "avx512"};

struct bench {
    const struct render *render;
    struct raster_planes in, out;
};

static double seconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void limit_path(const char *name)
{
    for (enum cpu_path path = CPU_PLAIN; path < CPU_PATHS; path++)
        if (g_str_equal(name, paths[path]))
            cpu_limit(path);
}

static struct look *read_cube(const char *path)
{
    g_autofree char *text = NULL;
    gsize length;
    g_auto(diag_ptr) diag = diag_create();
    if (!g_file_get_contents(path, &text, &length, NULL))
        return NULL;
    return cube_read(text, length, path, diag);
}

static struct raster_planes planes_of(char *frame, int width, int height, int bits, int chroma_h)
{
    const int bytes = bits > 8 ? 2 : 1;
    const ptrdiff_t row = width * bytes, luma = row * height,
                    chroma = row / 2 * (height >> chroma_h);
    return (struct raster_planes){.plane = {frame, frame + luma, frame + luma + chroma},
                                  .stride = {row, row / 2, row / 2}};
}

static void rows(void *data, int top, int bottom)
{
    const struct bench *bench = data;
    render_rows(bench->render, &bench->in, &bench->out, top, bottom);
}

int main(int argc, char **argv)
{
    if (argc < 8)
        return 2;
    const int width = atoi(argv[2]), height = atoi(argv[3]), bits = atoi(argv[4]),
              chroma_h = atoi(argv[5]), times = atoi(argv[7]),
              threads = argc > 8 ? atoi(argv[8]) : 1;
    const gsize size = (gsize)(width * height * (bits > 8 ? 2 : 1) * (chroma_h ? 3 : 4) / 2);
    g_autofree char *frames = NULL;
    gsize length;
    if (argc > 9)
        limit_path(argv[9]);
    g_auto(look_ptr) cube = read_cube(argv[6]);
    if (!cube || !g_file_get_contents(argv[1], &frames, &length, NULL) || length < size)
        return 1;
    g_auto(look_ptr) cdl = look_create(NULL, NULL, 0);
    look_add_cdl(
        cdl, &(struct cdl){
                 {1.12, 0.98, 0.9}, {0.02, -0.015, 0.03}, {0.85, 1.1, 1.31}, 0.87, CDL_CLAMP_ASC});
    g_auto(grade_ptr) grade = grade_create();
    grade_add(grade, cdl);
    grade_add(grade, cube);
    const struct raster raster = {bits,  1,     chroma_h, SITED_ON, SITED_BETWEEN,
                                  false, false, 0.2126,   0.0722};
    g_auto(render_ptr) render = render_create(&raster, &raster, width, height, grade, false);
    g_autofree char *out = g_malloc0(size);
    const gsize count = length / size;
    g_auto(slices_ptr) slices = slices_create(threads);
    struct bench bench = {.render = render};
    const double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID), wall = seconds(CLOCK_MONOTONIC);
    for (int i = 0; i < times; i++) {
        bench.in = planes_of(frames + (gsize)i % count * size, width, height, bits, chroma_h);
        bench.out = planes_of(out, width, height, bits, chroma_h);
        slices_run(slices, height, rows, &bench);
    }
    const double pixels = (double)width * height * times;
    const double cpu_s = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu,
                 wall_s = seconds(CLOCK_MONOTONIC) - wall;
    printf("%.4f s CPU by %s, %.1f Mpx/s of a core, %.1f Mpx/s\n", cpu_s, paths[cpu_path()],
           pixels / cpu_s / 1e6, pixels / wall_s / 1e6);
    return 0;
}

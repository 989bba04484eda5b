/* SPDX-License-Identifier: GPL-3.0-or-later
 * Clips graded by the corrections of one file: each by its own. The picture is grey, so that in
 * limited range a slope does to luma what it does to luma - 16 (ITU-R BT.601). */
#include "made.h"

#include "base/file.h"
#include "media/source.h"

#include <string.h>
#include <unistd.h>

enum { FRAMES = 51, LAST_LUMA = 120 /* 20 + 2 * 50 */ };

static const char show_ccc[] =
    "<ColorCorrectionCollection>"
    "<ColorCorrection id=\"A001\"><SOPNode><Slope>2 2 2</Slope><Offset>0 0 0</Offset>"
    "<Power>1 1 1</Power></SOPNode></ColorCorrection>"
    "<ColorCorrection id=\"A002\"><SOPNode><Slope>.5 .5 .5</Slope><Offset>0 0 0</Offset>"
    "<Power>1 1 1</Power></SOPNode></ColorCorrection>"
    "</ColorCorrectionCollection>";
static const char day_edl[] = "001 R1 V C 01:00:00:00 01:00:02:00 10:00:00:00 10:00:02:00\n"
                              "* FROM CLIP NAME: A001.mov\n* ASC_SOP (2 2 2)(0 0 0)(1 1 1)\n"
                              "002 R1 V C 01:00:10:00 01:00:12:00 10:00:02:00 10:00:04:00\n"
                              "* ASC_SOP (.5 .5 .5)(0 0 0)(1 1 1)\n";

struct clip {
    const char *file, *text; /* text NULL: the file isn't there */
    const char *name, *reel, *timecode, *missing;
    int luma;         /* of the last picture; 0: the render fails */
    const char *said; /* in a note, or by the failure */
};

static const struct clip clips[] = {
    {"show.ccc", show_ccc, "A001.mov", NULL, NULL, "fail", 16 + 2 * (LAST_LUMA - 16),
     "id \"A001\" of show.ccc (CDL slope 2 2 2,"},
    {"show.ccc", show_ccc, "A002.mov", NULL, NULL, "fail", 16 + (LAST_LUMA - 16) / 2,
     "id \"A002\" of show.ccc (CDL slope 0.5 0.5 0.5,"},
    {"show.ccc", show_ccc, "A003.mov", NULL, NULL, "skip", LAST_LUMA,
     "no CDL (show.ccc has no correction for the clip \"A003.mov\""},
    {"show.ccc", show_ccc, "A003.mov", NULL, NULL, "fail", 0, "no correction for the clip"},
    {"A003.cdl", NULL, "A003.mov", NULL, NULL, "skip", LAST_LUMA, "no CDL (there is no A003.cdl)"},
    {"day.edl", day_edl, "A001.mxf", NULL, NULL, "fail", 16 + 2 * (LAST_LUMA - 16),
     "clip \"A001.mov\" of day.edl"},
    {"day.edl", day_edl, "x.mov", "R1", "01:00:09:00", "fail", 16 + (LAST_LUMA - 16) / 2,
     "reel \"R1\", timecode 01:00:10:00"},
    {"show.txt", show_ccc, "A001.mov", NULL, NULL, "skip", 0, "isn't called so"},
    {"show.ccc", "<html/>", "A001.mov", NULL, NULL, "skip", 0, "doesn't begin with <html>"},
};

static int last_luma(int fd)
{
    struct failure failure = {0};
    struct source_item item;
    int luma = -1;
    struct source *source = source_open(fd, &(struct source_opts){.threads = 1}, &failure);
    g_assert_cmpstr(failure.message, ==, NULL);
    for (int i = 0; i < source_streams(source); i++)
        g_assert_true(source_use(source, i, SOURCE_DECODE, &failure));
    while (source_next(source, &item, &failure) == SOURCE_FRAME)
        luma = item.frame->data[0][8];
    source_close(source);
    return luma;
}

static int file_with(const char *text)
{
    int fd = made_file();
    g_assert_true(file_write_all(fd, text, strlen(text)));
    return fd;
}

static void fill_facts(struct facts *facts, const struct clip *clip)
{
    facts->kind = KIND_VIDEO;
    facts->fps = (struct rational){25, 1};
    facts->width = 256;
    facts->height = 192;
    facts->frames = FRAMES;
    facts->reel = g_strdup(clip->reel);
    facts->timecode = g_strdup(clip->timecode);
}

static void expect(const struct output_result *output, const struct clip *clip, int fd)
{
    const char *said = output->failure.message;
    if (clip->luma) {
        g_assert_cmpstr(said, ==, NULL);
        g_assert_cmpint(last_luma(fd), ==, clip->luma);
        said = output->notes->pdata[0];
    } else {
        g_assert_cmpint(output->failure.class, ==, FAIL_CONFIG);
    }
    g_test_message("%s", said);
    g_assert_nonnull(strstr(said, clip->said));
}

static void each_clip_has_its_correction(void)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(clips); i++) {
        const struct clip *clip = &clips[i];
        int fds[] = {made_source(FRAMES, (struct rational){25, 1}, false), made_file(),
                     file_with(clip->text ? clip->text : "")};
        struct task *task = made_task("mkv", "ffv1", NULL);
        fill_facts(task->source, clip);
        made_step(task->steps, "grade", "cdl", clip->file, "cdl_clip", clip->name, "cdl_missing",
                  clip->missing, NULL);
        if (clip->text) {
            int file = task_add_file(task, "/file", false);
            ((struct task_file *)task->files->pdata[file])->used_by =
                g_strconcat("grade/cdl/", clip->file, NULL);
        }
        struct result *result = made_render(task, fds);
        expect(result->outputs->pdata[0], clip, fds[1]);
        result_destroy(result);
        task_destroy(task);
        for (unsigned f = 0; f < G_N_ELEMENTS(fds); f++)
            close(fds[f]);
    }
}

/* The file's CDL, then the step's own: (luma - 16) * 0.5 * 1.5. */
static void numbers_of_the_step_come_after(void)
{
    int fds[] = {made_source(FRAMES, (struct rational){25, 1}, false), made_file(),
                 file_with(show_ccc)};
    struct task *task = made_task("mkv", "ffv1", NULL);
    fill_facts(task->source, &clips[1]);
    made_step(task->steps, "grade", "cdl", "show.ccc", "cdl_by", "position", "cdl_id", "1", "slope",
              "1.5", NULL);
    int file = task_add_file(task, "/file", false);
    ((struct task_file *)task->files->pdata[file])->used_by = g_strdup("grade/cdl/show.ccc");
    struct result *result = made_render(task, fds);
    const struct clip wanted = {.luma = 16 + (LAST_LUMA - 16) * 3 / 4,
                                .said = "), then CDL slope 1.5 1.5 1.5, "};
    expect(result->outputs->pdata[0], &wanted, fds[1]);
    result_destroy(result);
    task_destroy(task);
    for (unsigned f = 0; f < G_N_ELEMENTS(fds); f++)
        close(fds[f]);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/grade_cdl/each clip has its correction", each_clip_has_its_correction);
    g_test_add_func("/grade_cdl/numbers of the step come after", numbers_of_the_step_come_after);
    return g_test_run();
}

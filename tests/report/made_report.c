/* SPDX-License-Identifier: GPL-3.0-or-later
 * The night of a made-up studio. */
#include "made_report.h"

#include "model/expect.h"
#include "model/sandbox.h"
#include "model/task.h"

/* Markup, quotes, CDATA's end, a line feed, an escape sequence, a byte that isn't UTF-8, a turn
 * of the writing direction. */
const char hostile_name[] = "<script>alert('1')</script>&\"]]>\n\033[31m\xff\xe2\x80\xae.mp4";

static void add_check(struct report_output *output, const char *name, const char *expected,
                      const char *measured, bool pass)
{
    struct check *check = g_new0(struct check, 1);
    check->name = g_strdup(name);
    check->expected = g_strdup(expected);
    check->measured = g_strdup(measured);
    check->pass = pass;
    g_ptr_array_add(output->checks, check);
}

static struct facts *made_facts(double lufs)
{
    struct facts *facts = facts_create();
    facts->kind = KIND_VIDEO;
    facts->container = g_strdup("mov");
    facts->duration_s = 12.48;
    facts->width = 1920;
    facts->height = 1080;
    facts->fps = rational_make(25, 1);
    facts->frames = 312;
    facts->codec = g_strdup("h264");
    facts->pix_fmt = g_strdup("yuv420p");
    facts->audio_codec = g_strdup("aac");
    facts->channels = 2;
    facts->sample_rate = 48000;
    facts->measured = true;
    facts->integrated_lufs = lufs;
    facts->true_peak_dbtp = -1.4;
    return facts;
}

static struct report_output *add(struct report *report, const char *job, const char *output,
                                 const char *stem, const char *extension, enum output_status status)
{
    struct report_output *row = report_add(report);
    row->job = g_strdup(job);
    row->output = g_strdup(output);
    row->input = g_strdup_printf("a/%s.mov", stem);
    row->source = g_strdup_printf("/footage/a/%s.mov", stem);
    row->path = g_strdup_printf("%s/%s.%s", output, stem, extension);
    row->status = status;
    return row;
}

static void add_done(struct report *report, const char *output, const char *stem, int task)
{
    struct report_output *row = add(report, "clips", output, stem, "mp4", OUTPUT_DONE);
    row->facts = made_facts(-23.02);
    row->seconds = 8.1;
    row->task = task;
    row->reason = g_strdup("never rendered before");
    add_check(row, "loudness", "-23 LUFS ±0.5", "-23.02 LUFS", true);
    add_check(row, "black", "none longer than 1s", "none", true);
    g_ptr_array_add(row->steps,
                    g_strdup(NOTE_MOVED "requested 3.200-6.100 s, actual 2.000-6.160 s"));
    g_ptr_array_add(row->steps, g_strdup("loudness: +1.8 dB, from -24.8 LUFS to -23.0 LUFS"));
    g_ptr_array_add(row->lost, g_strdup("two subtitle streams: MP4 here carries none"));
}

static void add_late(struct report *report)
{
    struct report_output *row = add(report, "clips", "web", "A004", "mp4", OUTPUT_DONE);
    row->deliver_by = g_strdup("2026-11-21 22:05");
    row->late = true;
}

static void add_problems(struct report *report)
{
    struct report_output *row = add(report, "clips", "web", "A002", "mp4", OUTPUT_FAILED);
    fail(&row->failure, FAIL_INPUT_DAMAGED,
         "the file ends in the middle of frame 218 of 312; copy it from the card again, or set "
         "damaged: allow");
    row->task = 7;
    row->seconds = 3.25;
    row->rerun = g_strdup("rushes-worker '/out/.rushes/runs/r1/tasks/7/task.json'");
    row = add(report, "clips", "web", "A003", "mp4", OUTPUT_OUT_OF_SPEC);
    row->facts = made_facts(-20.4);
    row->task = 12;
    row->seconds = 9;
    add_check(row, "loudness", "-23 LUFS ±0.5", "-20.4 LUFS", false);
    add_check(row, "width", "1920", "1920", true);
    g_ptr_array_add(row->steps, g_strdup("loudness: lowered by 2.6 dB for the true peak"));
    add(report, "stills", "proof", "S001", "jpg", OUTPUT_CANCELLED);
    row = add(report, "stills", "proof", "S002", "jpg", OUTPUT_UP_TO_DATE);
    row->reason = g_strdup("up to date");
}

static void add_unread(struct report *report, const char *name)
{
    struct report_unread *unread = report_add_unread(report);
    unread->job = g_strdup("stills");
    unread->output = g_strdup("sheet");
    unread->input = g_strdup(name);
    unread->source = g_strdup_printf("/footage/%s", name);
    fail(&unread->failure, FAIL_INPUT_DAMAGED, "it is cut off");
}

static struct report *begin(void)
{
    struct report *report = report_create();
    report->version = g_strdup("1.0.0");
    report->run = g_strdup("20261121T220000Z-3f9a");
    report->pipeline = g_strdup("Overnight deliverables");
    report->out_dir = g_strdup("/out");
    report->started = g_strdup("2026-11-21T22:00:00Z");
    report->exit_code = 1;
    report->seconds = 723.4;
    report->sandbox = SANDBOX_ALL;
    return report;
}

struct report *made_report(void)
{
    struct report *report = begin();
    add_done(report, "web", "A001", 4);
    add_problems(report);
    add_late(report);
    add_unread(report, "S003.jpg");
    g_ptr_array_add(report->notes, g_strdup("stills: `loudness` has no face for stills"));
    report_add_settings(report, "clips", "web",
                        "web/A001.mp4\n  encode\n    encode.video.crf = 19 (web.yaml:21:29)\n");
    report_count(report);
    return report;
}

struct report *made_hostile_report(void)
{
    struct report *report = begin();
    static const enum output_status every[] = {OUTPUT_DONE, OUTPUT_UP_TO_DATE, OUTPUT_FAILED,
                                               OUTPUT_OUT_OF_SPEC, OUTPUT_CANCELLED};
    g_free(report->pipeline);
    report->pipeline = g_strdup(hostile_name);
    for (unsigned i = 0; i < G_N_ELEMENTS(every); i++) {
        struct report_output *row = report_add(report);
        row->job = g_strdup(hostile_name);
        row->output = g_strdup(hostile_name);
        row->input = g_strdup(hostile_name);
        row->source = g_strdup(hostile_name);
        row->path = g_strdup(hostile_name);
        row->rerun = g_strdup(hostile_name);
        row->reason = g_strdup(hostile_name);
        row->status = every[i];
        row->facts = made_facts(-23);
        row->facts->title = g_strdup(hostile_name);
        add_check(row, hostile_name, hostile_name, hostile_name, false);
        g_ptr_array_add(row->steps, g_strdup(hostile_name));
        if (row->status == OUTPUT_FAILED)
            fail(&row->failure, FAIL_CRASH, "%s", hostile_name);
    }
    add_unread(report, hostile_name);
    g_ptr_array_add(report->notes, g_strdup(hostile_name));
    report_count(report);
    return report;
}

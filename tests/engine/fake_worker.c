/* SPDX-License-Identifier: GPL-3.0-or-later
 * A worker without media: what its tasks do is the first word of their label. */
#include "media/catalogue.h"
#include "media/still_file.h"
#include "media/trust.h"
#include "model/wire.h"
#include "worker/run.h"
#include "worker/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void do_nothing(const struct job *job, struct result *result)
{
}

static void do_segfault(const struct job *job, struct result *result)
{
    fputs("about to die\n", stderr);
    signal(SIGSEGV, SIG_DFL); /* not the sanitizer's */
    raise(SIGSEGV);
}

static void do_starve(const struct job *job, struct result *result)
{
    _exit(WIRE_EXIT_NO_MEMORY);
}

static void do_exit(const struct job *job, struct result *result)
{
    _exit(3);
}

/* As the kernel does when memory runs out. */
static void do_oom(const struct job *job, struct result *result)
{
    raise(SIGKILL);
}

static void do_hang(const struct job *job, struct result *result)
{
    signal(SIGTERM, SIG_IGN);
    for (;;)
        pause();
}

/* Its own process id, its parent's, and that of a child it leaves behind: outside the sandbox. */
static void do_leave(const struct job *job, struct result *result)
{
    struct output_result *output = result_add_output(result);
    pid_t child = fork();
    if (child == 0)
        do_hang(job, result);
    g_ptr_array_add(output->notes, g_strdup_printf("%d", (int)getpid()));
    g_ptr_array_add(output->notes, g_strdup_printf("%d", (int)getppid()));
    g_ptr_array_add(output->notes, g_strdup_printf("%d", (int)child));
}

static void do_speak(const struct job *job, struct result *result)
{
    struct progress progress = {.fraction = 0.25, .frames = 7, .fps = 50, .stage = "encode"};
    speak_progress(job->speaker, &progress);
    for (int i = 0; i < 1000; i++) /* too fast to be heard */
        speak_progress(job->speaker, &progress);
    g_usleep(300000);
}

/* Every input holds its own number in the table; a part file gets it. */
static void do_files(const struct job *job, struct result *result)
{
    for (guint i = 0; i < job->task->files->len; i++) {
        const struct task_file *file = job->task->files->pdata[i];
        char text[16] = "";
        if (file->write && dprintf(job->fds[i], "%u", i) < 0)
            fail(&result->failure, FAIL_DISK, "file %u: %s", i, g_strerror(errno));
        if (!file->write && (read(job->fds[i], text, sizeof text - 1) < 0 || atoi(text) != (int)i))
            fail(&result->failure, FAIL_INPUT_DAMAGED, "file %u holds \"%s\"", i, text);
    }
}

/* By what name this worker was started. */
static void do_name(const struct job *job, struct result *result)
{
    struct output_result *output = result_add_output(result);
    g_ptr_array_add(output->notes, g_strdup(program_invocation_short_name));
}

/* As the sound worker does with what it lacks, after a word and half a part; the full one has it.
 */
static void do_elsewhere(const struct job *job, struct result *result)
{
    bool full = strcmp(program_invocation_short_name, "fake_worker") == 0;
    if (!full && write(job->fds[job->task->files->len - 1], "half", 4) == 4)
        _exit(WIRE_EXIT_ELSEWHERE);
    do_name(job, result);
}

/* Of either worker. */
static void do_lack(const struct job *job, struct result *result)
{
    _exit(WIRE_EXIT_ELSEWHERE);
}

static const struct {
    const char *word;
    void (*work)(const struct job *job, struct result *result);
} acts[] = {
    {"nothing", do_nothing},
    {"segfault", do_segfault},
    {"exit", do_exit},
    {"starve", do_starve},
    {"oom", do_oom},
    {"hang", do_hang},
    {"leave", do_leave},
    {"speak", do_speak},
    {"files", do_files},
    {"name", do_name},
    {"elsewhere", do_elsewhere},
    {"lack", do_lack},
};

static void act(const struct job *job, struct result *result)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(acts); i++)
        if (strcmp(acts[i].word, job->task->label) == 0)
            acts[i].work(job, result);
    while (result->outputs->len < job->task->outputs->len)
        result_add_output(result);
}

void worker_probe(const struct job *job, struct result *result)
{
    act(job, result);
}

void worker_verify(const struct job *job, struct result *result)
{
    act(job, result);
}

void worker_compare(const struct job *job, struct result *result)
{
    act(job, result);
}

void worker_fingerprint(const struct job *job, struct result *result)
{
    act(job, result);
}

void worker_measure(const struct job *job, struct result *result)
{
    act(job, result);
}

void worker_gather(const struct job *job, struct result *result)
{
    act(job, result);
}

void worker_render_video(const struct job *job, struct result *result)
{
    act(job, result);
}

void worker_render_audio(const struct job *job, struct result *result)
{
    act(job, result);
}

void worker_render_image(const struct job *job, struct result *result)
{
    act(job, result);
}

void worker_package(const struct job *job, struct result *result)
{
    act(job, result);
}

void still_limit(unsigned megapixels)
{
}

void media_trust(unsigned trust)
{
}

void worker_warm(void)
{
}

JsonNode *media_catalogue(void)
{
    return json_from_string("{\"build\": \"fake 1\", \"encoders\": {}, \"muxers\": {}}", NULL);
}

char *media_build(void)
{
    return g_strdup("fake 1");
}

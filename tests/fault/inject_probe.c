/* SPDX-License-Identifier: GPL-3.0-or-later
 * Makes one call of each kind that inject.c knows in a folder, and prints those that failed with
 * their errno: "write 28". The self-test of the shim. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void say(const char *call, int failed)
{
    if (failed)
        dprintf(STDOUT_FILENO, "%s %d\n", call, errno);
}

static void on_file(void)
{
    char byte = 'x';
    int fd = open("file", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    say("open", fd < 0);
    if (fd < 0)
        return;
    say("write", write(fd, &byte, 1) < 0);
    say("pwrite", pwrite(fd, &byte, 1, 1) < 0);
    say("read", pread(fd, &byte, 1, 0) < 0);
    say("truncate", ftruncate(fd, 1) < 0);
    say("fsync", fsync(fd) < 0);
    say("fdatasync", fdatasync(fd) < 0);
    say("close", close(fd) < 0);
}

static void on_stream(void)
{
    FILE *file = fopen("stream", "we");
    say("fopen", !file);
    if (!file)
        return;
    say("flush", fputs("x", file) < 0 || fflush(file) != 0);
    say("fclose", fclose(file) != 0);
}

static void on_names(void)
{
    say("rename", rename("file", "name") < 0);
    say("mkdir", mkdir("folder", 0777) < 0);
    say("unlink", unlink("name") < 0 && errno != ENOENT);
}

static void on_process(void)
{
    void *volatile memory = malloc(1);
    say("malloc", !memory);
    free(memory);
    pid_t pid = fork();
    if (pid == 0)
        _exit(EXIT_SUCCESS);
    say("fork", pid < 0);
    if (pid > 0)
        waitpid(pid, NULL, 0);
}

int main(int argc, char **argv)
{
    if (argc != 2 || chdir(argv[1]) < 0)
        return EXIT_FAILURE;
    on_file();
    on_stream();
    on_names();
    on_process();
    return EXIT_SUCCESS;
}

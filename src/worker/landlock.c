/* SPDX-License-Identifier: GPL-3.0-or-later
 * Landlock, by its system calls: Debian has no library for it, and its header knows only the first
 * two versions. */
#include "base/sequence.h"
#include "layers.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* linux/landlock.h of 6.15 */
enum {
    TRUNCATE = 1 << 14,
    IOCTL_DEV = 1 << 15,
    NET_BIND_TCP = 1 << 0,
    NET_CONNECT_TCP = 1 << 1,
    SCOPE_ABSTRACT_UNIX_SOCKET = 1 << 0,
    SCOPE_SIGNAL = 1 << 1,
    FIRST_VERSION_FS = (1 << 13) - 1
};

/* struct landlock_ruleset_attr as it has grown; the kernel takes the part it knows. */
struct ruleset {
    uint64_t fs, net, scoped;
};

/* What a version refuses unless a rule allows it. */
static const struct {
    int version;
    struct ruleset rights;
    size_t size;
} versions[] = {
    {1, {.fs = FIRST_VERSION_FS}, 8},
    {2, {.fs = LANDLOCK_ACCESS_FS_REFER}, 8},
    {3, {.fs = TRUNCATE}, 8},
    {4, {.net = NET_BIND_TCP | NET_CONNECT_TCP}, 16},
    {5, {.fs = IOCTL_DEV}, 16},
    {6, {.scoped = SCOPE_ABSTRACT_UNIX_SOCKET | SCOPE_SIGNAL}, 24},
};

/* Libraries, their data and modules; time zone; what encoders ask of the machine; fonts. */
static const char *const system_paths[] = {
    "/usr",
    "/lib",
    "/lib64",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/fonts",
    "/var/cache/fontconfig",
    "/dev/null",
    "/dev/urandom",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/sys/vm/overcommit_memory",
    "/sys/devices/system/cpu",
    "/sys/devices/system/node",
};

static int open_place(const char *path)
{
    return open(path, O_PATH | O_CLOEXEC);
}

/* What isn't there, or may not be read anyhow, needs no right. */
static bool is_out_of_reach(int number)
{
    return number == ENOENT || number == ENOTDIR || number == EACCES;
}

static bool allow(int ruleset, int fd, uint64_t rights)
{
    struct landlock_path_beneath_attr rule = {.allowed_access = rights, .parent_fd = fd};
    return syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
}

static bool allow_reading(int ruleset, const char *path)
{
    struct stat st;
    int fd = open_place(path);
    if (fd < 0)
        return is_out_of_reach(errno);
    bool folder = fstat(fd, &st) == 0 && S_ISDIR(st.st_mode);
    bool allowed = allow(ruleset, fd,
                         LANDLOCK_ACCESS_FS_READ_FILE | (folder ? LANDLOCK_ACCESS_FS_READ_DIR : 0));
    close(fd);
    return allowed;
}

/* A right to a folder would be one to all beneath it: a name may have become one since it was
 * listed. Such a picture gets none, and reading it fails. */
static bool allow_picture(int ruleset, const char *path)
{
    struct stat st;
    int fd = open_place(path);
    if (fd < 0)
        return is_out_of_reach(errno);
    bool file = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
    bool fine = !file || allow(ruleset, fd, LANDLOCK_ACCESS_FS_READ_FILE);
    close(fd);
    return fine;
}

static bool allow_user_fonts(int ruleset)
{
    char *places[] = {
        g_build_filename(g_get_user_data_dir(), "fonts", NULL),
        g_build_filename(g_get_user_config_dir(), "fontconfig", NULL),
        g_build_filename(g_get_user_cache_dir(), "fontconfig", NULL),
        g_build_filename(g_get_home_dir(), ".fonts", NULL),
    };
    bool fine = true;
    for (unsigned i = 0; i < G_N_ELEMENTS(places); i++) {
        fine = fine && allow_reading(ruleset, places[i]);
        g_free(places[i]);
    }
    return fine;
}

static bool allow_all(int ruleset)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(system_paths); i++)
        if (!allow_reading(ruleset, system_paths[i]))
            return false;
    return allow_user_fonts(ruleset);
}

int landlock_prepare(void)
{
    struct ruleset all = {0};
    size_t size = 0;
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    for (unsigned i = 0; i < G_N_ELEMENTS(versions) && versions[i].version <= version; i++) {
        all.fs |= versions[i].rights.fs;
        all.net |= versions[i].rights.net;
        all.scoped |= versions[i].rights.scoped;
        size = versions[i].size;
    }
    int ruleset = size ? (int)syscall(SYS_landlock_create_ruleset, &all, size, 0) : -1;
    if (ruleset < 0 || allow_all(ruleset))
        return ruleset;
    close(ruleset);
    return -1;
}

static bool allow_pictures(int ruleset, int list)
{
    g_auto(sequence_ptr) sequence = sequence_from_list(list);
    bool fine = sequence != NULL;
    for (guint i = 0; fine && i < sequence->names->len; i++) {
        g_autofree char *path = sequence_file(sequence, i);
        fine = !sequence->names->pdata[i] || allow_picture(ruleset, path);
    }
    return fine;
}

static bool any_list(const int *files, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (sequence_is_list(files[i]))
            return true;
    return false;
}

static bool restrict_self(int ruleset)
{
    return syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
}

/* A ruleset is shared with the worker and all of its tasks: this task has one of its own. */
static bool enter_with_pictures(const int *files, unsigned count)
{
    int ruleset = landlock_prepare();
    bool fine = ruleset >= 0;
    for (unsigned i = 0; fine && i < count; i++)
        fine = !sequence_is_list(files[i]) || allow_pictures(ruleset, files[i]);
    fine = fine && restrict_self(ruleset);
    if (ruleset >= 0)
        close(ruleset);
    return fine;
}

bool landlock_enter(int ruleset, const int *files, unsigned count)
{
    return any_list(files, count) ? enter_with_pictures(files, count) : restrict_self(ruleset);
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * What can be known of a file without reading it. */
#include "watch.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#ifndef CIFS_SUPER_MAGIC
#define CIFS_SUPER_MAGIC 0xff534d42
#endif
#ifndef SMB2_SUPER_MAGIC
#define SMB2_SUPER_MAGIC 0xfe534d42
#endif
#define LUSTRE_SUPER_MAGIC 0x0bd00bd0
#define GPFS_SUPER_MAGIC 0x47504653

/* FUSE: sshfs and cloud drives, so better taken for one. */
static bool is_network_type(unsigned long type)
{
    static const unsigned long types[] = {
        NFS_SUPER_MAGIC,    SMB_SUPER_MAGIC,  CIFS_SUPER_MAGIC, SMB2_SUPER_MAGIC,
        AFS_SUPER_MAGIC,    AFS_FS_MAGIC,     CEPH_SUPER_MAGIC, CODA_SUPER_MAGIC,
        LUSTRE_SUPER_MAGIC, GPFS_SUPER_MAGIC, V9FS_MAGIC,       FUSE_SUPER_MAGIC,
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(types); i++)
        if ((type & 0xffffffff) == types[i])
            return true;
    return false;
}

bool file_is_on_network(struct watch *watch, const char *path, uint64_t device)
{
    struct statfs st;
    void *key = GSIZE_TO_POINTER(device);
    int known = GPOINTER_TO_INT(g_hash_table_lookup(watch->networks, key));
    if (known)
        return known == 2;
    if (statfs(path, &st) != 0)
        return true;
    bool network = is_network_type((unsigned long)st.f_type);
    g_hash_table_insert(watch->networks, key, GINT_TO_POINTER(network + 1));
    return network;
}

static void say_unseen(struct watch *watch, const char *path)
{
    g_autofree char *shown = path_display(path);
    if (!watch->said_unseen)
        watch_say(watch,
                  "rushes: note: %s is another user's: whether somebody writes to it can't be seen "
                  "without CAP_LEASE; such files are taken when they were unchanged for the "
                  "settling time (--settle)",
                  shown);
    watch->said_unseen = true;
}

/* The kernel gives a read lease only on a file that nobody has open for writing. We keep it for no
 * time at all; whoever opens the file for writing in between waits for so long. */
bool file_is_written(struct watch *watch, const char *path)
{
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return false;
    bool leased = fcntl(fd, F_SETLEASE, F_RDLCK) == 0;
    bool written = !leased && errno == EAGAIN;
    if (!leased && errno == EACCES)
        say_unseen(watch, path);
    fcntl(fd, F_SETLEASE, F_UNLCK);
    close(fd);
    return written;
}

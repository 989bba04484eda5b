/* SPDX-License-Identifier: GPL-3.0-or-later
 * Messages with descriptors over a socket. */
#include "model/wire.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

union control {
    struct cmsghdr header;
    char room[CMSG_SPACE(sizeof(int) * WIRE_FDS_MAX)];
};

_Bool wire_send(int socket, const struct wire *message, const int *fds, unsigned count)
{
    union control control;
    struct iovec io = {.iov_base = (void *)message, .iov_len = sizeof *message};
    struct msghdr msg = {.msg_iov = &io, .msg_iovlen = 1};
    if (count > 0) {
        memset(&control, 0, sizeof control.header);
        msg.msg_control = &control;
        msg.msg_controllen = CMSG_SPACE(sizeof(int) * count);
        control.header.cmsg_level = SOL_SOCKET;
        control.header.cmsg_type = SCM_RIGHTS;
        control.header.cmsg_len = CMSG_LEN(sizeof(int) * count);
        memcpy(CMSG_DATA(&control.header), fds, sizeof(int) * count);
    }
    ssize_t sent;
    do
        sent = sendmsg(socket, &msg, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent == (ssize_t)sizeof *message;
}

static void take_fds(struct msghdr *msg, int *fds, unsigned *count)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
            continue;
        unsigned more = (unsigned)((c->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        memcpy(fds + *count, CMSG_DATA(c), sizeof(int) * more);
        *count += more;
    }
}

int wire_receive(int socket, struct wire *message, int *fds, unsigned *count)
{
    union control control;
    struct iovec io = {.iov_base = message, .iov_len = sizeof *message};
    struct msghdr msg = {
        .msg_iov = &io, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    *count = 0;
    ssize_t length;
    do
        length = recvmsg(socket, &msg, MSG_CMSG_CLOEXEC);
    while (length < 0 && errno == EINTR);
    if (length <= 0)
        return (int)length;
    take_fds(&msg, fds, count);
    if (length == (ssize_t)sizeof *message && !(msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC)))
        return (int)length;
    while (*count > 0)
        close(fds[--*count]);
    errno = EPROTO;
    return -1;
}

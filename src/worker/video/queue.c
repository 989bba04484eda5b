/* SPDX-License-Identifier: GPL-3.0-or-later
 * Messages between the threads of a render, and the bounded queues they wait in. */
#include "media/frame.h"
#include "render.h"

enum { ROOM = 32, HEAVY = 4 }; /* eight pictures */

struct inbox {
    GMutex lock;
    GCond changed;
    GQueue messages;
    int weight;
};

static struct message *new_message(enum message_kind kind, int stream)
{
    struct message *message = g_new0(struct message, 1);
    message->kind = kind;
    message->stream = stream;
    return message;
}

struct message *message_frame(int stream, const AVFrame *frame)
{
    struct message *message = new_message(MESSAGE_FRAME, stream);
    message->frame = frame_copy(frame);
    return message;
}

struct message *message_packet(int stream, const AVPacket *packet)
{
    struct message *message = new_message(MESSAGE_PACKET, stream);
    message->packet = packet_copy(packet);
    return message;
}

struct message *message_of_item(const struct source_item *item, enum source_got got)
{
    return got == SOURCE_FRAME ? message_frame(item->stream, item->frame)
                               : message_packet(item->stream, item->packet);
}

struct message *message_silence(int stream, double silent_s)
{
    struct message *message = new_message(MESSAGE_SILENCE, stream);
    message->silent_s = silent_s;
    return message;
}

struct message *message_plain(enum message_kind kind, int stream)
{
    return new_message(kind, stream);
}

struct message *message_copy(const struct message *message)
{
    if (message->frame)
        return message_frame(message->stream, message->frame);
    if (message->packet)
        return message_packet(message->stream, message->packet);
    return message_plain(message->kind, message->stream);
}

void message_destroy(struct message *message)
{
    if (!message)
        return;
    av_frame_free(&message->frame);
    av_packet_free(&message->packet);
    g_free(message);
}

static int weight_of(const struct message *message)
{
    return message->frame && message->frame->width ? HEAVY : 1;
}

struct inbox *inbox_create(void)
{
    struct inbox *inbox = g_new0(struct inbox, 1);
    g_mutex_init(&inbox->lock);
    g_cond_init(&inbox->changed);
    g_queue_init(&inbox->messages);
    return inbox;
}

void inbox_destroy(struct inbox *inbox)
{
    if (!inbox)
        return;
    for (struct message *message; (message = g_queue_pop_head(&inbox->messages));)
        message_destroy(message);
    g_cond_clear(&inbox->changed);
    g_mutex_clear(&inbox->lock);
    g_free(inbox);
}

void inbox_put(struct inbox *inbox, struct message *message)
{
    g_mutex_lock(&inbox->lock);
    while (inbox->weight >= ROOM)
        g_cond_wait(&inbox->changed, &inbox->lock);
    inbox->weight += weight_of(message);
    g_queue_push_tail(&inbox->messages, message);
    g_cond_broadcast(&inbox->changed);
    g_mutex_unlock(&inbox->lock);
}

struct message *inbox_take(struct inbox *inbox)
{
    g_mutex_lock(&inbox->lock);
    while (g_queue_is_empty(&inbox->messages))
        g_cond_wait(&inbox->changed, &inbox->lock);
    struct message *message = g_queue_pop_head(&inbox->messages);
    inbox->weight -= weight_of(message);
    g_cond_broadcast(&inbox->changed);
    g_mutex_unlock(&inbox->lock);
    return message;
}

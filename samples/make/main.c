/* SPDX-License-Identifier: GPL-3.0-or-later
 * make-samples DIR: footage with sound and timecode, speech-like sound, stills with ICC profiles
 * and EXIF orientation, looks. About 2 MB; the same bytes of picture and sound each time. */
#include "make.h"

#include <errno.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vips/vips.h>

void stop(const char *what, const char *why)
{
    fprintf(stderr, "make-samples: %s: %s\n", what, why);
    exit(1);
}

static void make_footage(void)
{
    make_clip(&(struct clip){.path = "footage/A001_C001.mov",
                             .muxer = "mov",
                             .video_encoder = "libx264",
                             .audio_encoder = "pcm_s16le",
                             .timecode = "01:00:00:00",
                             .width = 1280,
                             .height = 720,
                             .rate_num = 25,
                             .rate_den = 1,
                             .frames = 100});
    make_clip(&(struct clip){.path = "footage/phone.mp4",
                             .muxer = "mp4",
                             .video_encoder = "libx264",
                             .audio_encoder = "aac",
                             .width = 960,
                             .height = 540,
                             .rate_num = 30000,
                             .rate_den = 1001,
                             .frames = 90,
                             .rotate = 90});
    make_clip(&(struct clip){.path = "footage/B002_C001.mxf",
                             .muxer = "mxf",
                             .video_encoder = "mpeg2video",
                             .audio_encoder = "pcm_s16le",
                             .timecode = "10:00:00:00",
                             .width = 720,
                             .height = 576,
                             .rate_num = 25,
                             .rate_den = 1,
                             .frames = 50,
                             .sar_num = 64,
                             .sar_den = 45,
                             .interlaced = true});
}

static void make_rest(void)
{
    make_sound("sound/interview.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_24, 1, 6, 0.25, true);
    make_sound("sound/conversation.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 2, 5, 0.9, false);
    make_photo("stills/portrait.jpg", 1600, 1200, 6, "srgb");
    make_photo("stills/wide.jpg", 2400, 1350, 1, "p3");
    make_scan("stills/scan.tif", 640, 480);
    make_watermark("looks/watermark.png", 640, 160);
    make_look("looks/day.cube", 1.04, 0.96, 1.05);
    make_look("looks/night.cube", 0.9, 1.12, 1.15);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        stop("usage", "make-samples DIR");
    if (VIPS_INIT(argv[0]) != 0)
        stop("libvips", vips_error_buffer());
    if ((mkdir(argv[1], 0755) != 0 && errno != EEXIST) || chdir(argv[1]) != 0)
        stop(argv[1], strerror(errno));
    static const char *const folders[] = {"footage", "sound", "stills", "looks"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        if (mkdir(folders[i], 0755) != 0 && errno != EEXIST)
            stop(folders[i], strerror(errno));
    make_footage();
    make_rest();
    vips_shutdown();
    return 0;
}

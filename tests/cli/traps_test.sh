# Traps of the acceptance list (their numbers are in names) that take two readers, or a stream that no encoder here writes.
# Label: media

ff() { ffmpeg -nostdin -v error -y "$@"; }
shown() { ffprobe -v error -count_frames -select_streams v -show_entries "$2" -of csv=p=0 "$1"; }
expect() { [ "$1" = "$2" ] || fail "$3: $1, expected $2"; }
run() { expect_exit "${1:-0}" rushes run p.yaml in -o out; }

# telecine FILE: an MPEG-2 elementary stream of 23.976 pictures a second, without B pictures, becomes one of soft 2:3 pulldown:
# every other picture repeats its first field, and the sequence says 29.97 (ISO/IEC 13818-2, 6.3.3, 6.3.5, 6.3.10).
telecine() {
    python3 - "$1" <<'P'
import sys
data, at, picture = bytearray(open(sys.argv[1], "rb").read()), 0, 0
while (at := data.find(b"\0\0\1", at)) >= 0:
    at += 3
    if data[at] == 0xB3:  # sequence_header: frame_rate_code
        data[at + 4] = data[at + 4] & 0xF0 | 4
    elif data[at] == 0xB5 and data[at + 1] >> 4 == 1:  # sequence_extension: progressive_sequence
        data[at + 2] &= 0xF7
    elif data[at] == 0xB5 and data[at + 1] >> 4 == 8:  # picture_coding_extension: top_field_first, repeat_first_field
        data[at + 4] = data[at + 4] & 0x7D | (0x82, 0, 2, 0x80)[picture % 4]
        picture += 1
open(sys.argv[1], "wb").write(data)
P
}

# 48 pictures of film last 2.002 s. Where times are kept, and at film's own rate, they are those 48; at 29.97 they are 60.
test_soft_telecine_is_the_film_or_as_many_frames_as_it_lasts() {
    mkdir in
    ff -f lavfi -i testsrc2=size=64x48:rate=24000/1001:duration=2.002,noise=alls=30:allf=t -c:v mpeg2video -g 12 -q:v 4 -f mpeg2video in/a.m2v
    telecine in/a.m2v
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  times: {to: times.mp4, encode: {video: {codec: h264}}}
  film: {to: film.mov, steps: [fps: 23.976], encode: {video: {codec: prores}}}
  video: {to: video.mov, encode: {video: {codec: prores}}}
Y
    run
    expect "$(shown out/times.mp4 stream=nb_read_frames)" 48 "pictures with their times"
    expect "$(shown out/film.mov stream=avg_frame_rate,nb_read_frames)" 24000/1001,48 "rate and frames of the film"
    expect "$(shown out/video.mov stream=avg_frame_rate,nb_read_frames)" 30000/1001,60 "rate and frames of the video"
    local pictures
    pictures=$(ff -i out/film.mov -map 0:v -f framemd5 - | grep -v '^#' | cut -d, -f6 | sort -u | wc -l)
    expect "$pictures" 48 "pictures of the film that differ"
    expect "$(mediainfo --Output='Video;%FrameRate% %FrameCount%' out/film.mov)" "23.976 48" "the film in MediaInfo"
}

# fields FILE FIRST: one second of 25i
fields() {
    local flag=${2:0:1}ff top=0
    [ "$2" = top ] && top=1
    ff -f lavfi -i testsrc2=size=64x48:rate=50:duration=1 -vf "tinterlace=interleave_$2,setfield=$flag,fps=25" \
        -c:v mpeg2video -flags +ilme+ildct -top $top -q:v 3 "$1"
}

join() {
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  j: {each: job, to: j.mov, encode: {video: {codec: prores}}}
Y
}

test_15_joined_films_of_one_field_order_keep_it() {
    mkdir in
    fields in/a.mpg top
    cp in/a.mpg in/b.mpg
    join
    run
    expect "$(shown out/j.mov stream=field_order,nb_read_frames | tr -d '\n')" tb,50 "order and frames"
    expect "$(mediainfo --Output='Video;%ScanType% %ScanOrder%' out/j.mov)" "Interlaced TFF" "the order in MediaInfo"
}

test_15_films_of_two_field_orders_are_no_join() {
    mkdir in
    fields in/a.mpg top
    fields in/b.mpg bottom
    join
    run 2
    expect_said err "fields bb instead of tt"
}

# Two films of different profiles and sizes: the joined one is whole in a decoder that isn't libavcodec's.
test_11_a_join_of_different_films_is_whole_in_another_decoder() {
    gst-inspect-1.0 openh264dec >/dev/null 2>&1 || skip "no openh264 for GStreamer"
    mkdir in
    ff -f lavfi -i testsrc2=size=64x48:rate=25:duration=2 -c:v libx264 -profile:v baseline -preset ultrafast in/a.mp4
    ff -f lavfi -i testsrc2=size=128x96:rate=25:duration=2 -c:v libx264 -profile:v high -preset veryfast in/b.mp4
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  j: {each: job, join: {conform: first}, to: j.mp4, encode: {video: {codec: h264}}}
Y
    run
    gst-launch-1.0 -q filesrc location=out/j.mp4 ! qtdemux ! h264parse ! openh264dec ! filesink location=pictures.yuv >/dev/null
    expect "$(($(stat -c %s pictures.yuv) / (64 * 48 * 3 / 2)))" 100 "frames of 64x48"
}

frames_told() { grep -oh '"frames":[0-9]*' "$said/out" "$said/err" | tail -n 1 | cut -d: -f2; }
far_enough() { [ "$(frames_told)" -ge 50 ] 2>/dev/null; }

# In fragments of a second: what is lost is less than one, and what was under way between reader and file (a dozen frames).
test_28_a_fragmented_movie_that_is_killed_plays_up_to_its_last_fragment() {
    mkdir in
    ff -f lavfi -i testsrc2=size=640x360:rate=25:duration=1 -c:v mjpeg second.mkv
    ff -stream_loop 119 -i second.mkv -c copy in/a.mkv
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  o: {to: a.mov, encode: {fragment: 1s, video: {codec: prores}}}
Y
    start --progress json
    await far_enough
    kill -KILL "$run"
    wait "$run" 2>/dev/null || true
    local told played
    told=$(frames_told)
    played=$(shown out/.rushes-*.part stream=nb_read_frames 2>/dev/null)
    [ "$played" -ge $((told - 25 - 12)) ] || fail "$played of $told frames play"
    [ ! -e out/a.mov ] || fail "a file that isn't finished has its name"
}

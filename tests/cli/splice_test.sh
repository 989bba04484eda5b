# Transport streams that change in the middle, and those that are put one behind another: what is joined, what is refused
# and what is left out; none of it is damage.
# Label: media

# $1 a name, then options: 2 s of picture, or $PICTURE, and of sound that is a fifth of a second longer
transport_stream() {
    local name=$1
    shift
    ffmpeg -v error -f lavfi -i "${PICTURE:-testsrc2=size=64x48:rate=25:duration=2}" -f lavfi -i sine=duration=2.2 \
        -c:v libx264 -preset ultrafast -c:a mp2 "$@" -f mpegts "$name"
}

# $1 a name, then transport streams, which are put one behind another
splice() {
    local name=$1
    shift
    mkdir -p in
    cat "$@" >"in/$name"
}

# Two programmes of two sizes, one behind the other, as a broadcast switches. With a step of ours, with a filter, with none.
test_picture_that_changes_its_size_midway_is_refused() {
    PICTURE=testsrc2=size=320x180:rate=25:duration=1 transport_stream large.ts -an -c:v mpeg2video
    PICTURE=testsrc2=size=160x90:rate=25:duration=1 transport_stream small.ts -an -c:v mpeg2video -output_ts_offset 1.04
    splice a.ts large.ts small.ts
    for steps in "" "grade: {saturation: 0.9}" "resize: {width: 80}"; do
        pipeline <<Y
inputs: {include: ["*"]}
damaged: allow
steps: [$steps]
outputs: {o: {to: "\${stem}.mkv", encode: {video: {codec: ffv1}}}}
Y
        expect_exit 1 rushes run p.yaml in -o out
        expect_json out/.rushes/last/report.json \
            '.outputs[0].error | .class == "unsupported" and (.message | contains("320x180 becomes 160x90"))'
        expect_no_file out/a.mkv
    done
}

# Trap 12: the counters of two transport streams don't go on, but nothing is lost.
test_a_splice_of_two_sizes_is_a_change_and_no_damage() {
    transport_stream a.ts -an
    PICTURE=testsrc2=size=128x96:rate=25:duration=2 transport_stream b.ts -an -output_ts_offset 2
    splice spliced.ts a.ts b.ts
    pipeline <<'Y'
to: "${stem}.mp4"
encode: {video: {codec: h264, preset: ultrafast}}
Y
    expect_exit 1 rushes run p.yaml in -o failed
    expect_said err "2.000 s: 64x48 becomes 128x96: the picture changes in the middle"
    sed -i '1a inputs: {on_change: conform}' p.yaml
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[0].facts | .width == 64 and .decoded_frames == 100'
    sed -i 's/codec: h264, preset: ultrafast/codec: copy/' p.yaml
    expect_exit 1 rushes run p.yaml in -o copied
    expect_json copied/.rushes/last/report.json \
        '.outputs[0].error | .class == "unsupported" and (.message | contains("2.000 s: the picture that was copied changes"))'
}

splice_pipeline() {
    pipeline <<Y
inputs: {on_change: $1}
to: "\${stem}.mkv"
encode: {video: {codec: ffv1}, audio: {codec: $2}}
Y
}

# What a.ts makes, followed by itself.
expect_twice() {
    expect_json "$1/.rushes/last/report.json" \
        '.outputs[0].facts | .decoded_frames == 100 and .decoded_audio_s > 3.99 and .decoded_audio_s < 4.21'
    ffmpeg -v error -i "$1/spliced.mkv" -map 0:v -f framemd5 - | grep -v '^#' | awk '{print $NF}' >pictures
    cmp <(head -50 pictures) <(tail -50 pictures)
}

test_a_transport_stream_behind_another_is_refused_where_its_times_begin_anew() {
    transport_stream a.ts
    splice spliced.ts a.ts a.ts
    splice_pipeline fail pcm_s16le
    expect_exit 1 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json \
        '.outputs[0].error | .class == "unsupported" and (.message | contains("the times begin anew") and contains("on_change: conform"))'
}

# By its times alone a place is found in the part behind.
test_of_a_splice_what_needs_its_first_part_alone_is_made() {
    PICTURE=color=red:size=64x48:rate=5:duration=60 transport_stream red.ts -an -g 5
    PICTURE=color=blue:size=64x48:rate=5:duration=90 transport_stream blue.ts -an -g 5
    splice spliced.ts red.ts blue.ts
    local made
    pipeline <<'Y'
outputs:
  still: {steps: [still: 55s], to: "still.png"}
  trimmed: {steps: [trim: {from: 50s, length: 1s}], to: "trimmed.mkv", encode: {video: {codec: ffv1}}}
  late: {steps: [trim: {to: 61s}], to: "late.mkv", encode: {video: {codec: ffv1}}}
  half: {steps: [still: 10%], to: "half.png"}
Y
    expect_exit 1 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json \
        '[.outputs[] | select(.status == "failed") | .error.message | contains("60.000 s: the times begin anew")] == [true, true]'
    for made in still.png trimmed.mkv; do
        ffmpeg -v error -i "out/$made" -pix_fmt rgb24 -f rawvideo -
    done | python3 -c "
import sys
pictures = sys.stdin.buffer.read()
assert len(pictures) == 6 * 64 * 48 * 3 and min(pictures[0::3]) > 200 and max(pictures[2::3]) < 50"
}

test_a_transport_stream_behind_another_goes_on_where_that_ended() {
    transport_stream a.ts
    splice spliced.ts a.ts a.ts
    splice_pipeline conform pcm_s16le
    expect_exit 0 rushes run p.yaml in -o out
    expect_twice out
    expect_json out/.rushes/last/report.json '.outputs[0].steps | join(" ") | contains("begin anew")'
}

# The last part's length alone is what libavformat tells.
test_positions_from_the_end_of_a_splice_count_all_of_its_parts() {
    transport_stream a.ts -an
    splice spliced.ts a.ts a.ts a.ts
    pipeline <<'Y'
inputs: {on_change: conform}
outputs:
  last: {steps: [trim: {from: -5s}], to: "last.mkv", encode: {video: {codec: ffv1}}}
  half: {steps: [trim: {from: 50%}], to: "half.mkv", encode: {video: {codec: ffv1}}}
  copied: {steps: [trim: {from: -1.5s, snap: 1s}], to: "copied.mkv", encode: {video: {codec: copy}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '[.outputs[].facts.decoded_frames] == [125, 75, 50]'
    ffmpeg -v error -i out/half.mkv -map 0:v -f framemd5 - | grep -v '^#' | awk '{print $NF}' >pictures
    cmp <(sed -n 1,25p pictures) <(sed -n 51,75p pictures)
}

# By hours, or so little that times of decoding hardly go back.
test_parts_of_a_splice_may_begin_anywhere() {
    transport_stream a.ts
    transport_stream late.ts -output_ts_offset 20000
    transport_stream one.ts -output_ts_offset 1.96
    transport_stream two.ts -output_ts_offset 1.92
    splice later.ts a.ts late.ts
    splice earlier.ts late.ts a.ts
    splice a-frame.ts a.ts one.ts
    splice two-frames.ts a.ts two.ts
    pipeline <<'Y'
inputs: {on_change: conform}
to: "${stem}.mkv"
steps: [trim: {from: -3s}]
encode: {video: {codec: ffv1}, audio: {codec: pcm_s16le}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json \
        '[.outputs[].facts | .decoded_frames == 75 and .decoded_audio_s > 2.9 and .decoded_audio_s < 3.3] == [true, true, true, true]'
}

test_a_splice_that_goes_on_in_other_tracks_is_refused() {
    transport_stream a.ts
    transport_stream both.ts -output_ts_offset 2 -mpegts_start_pid 0x200 -mpegts_pmt_start_pid 0x1500
    transport_stream picture.ts -streamid 0:700
    splice both.ts a.ts both.ts
    splice picture.ts a.ts picture.ts
    splice between.ts a.ts both.ts a.ts
    transport_stream short.ts -t 0.8 -mpegts_start_pid 0x200 -mpegts_pmt_start_pid 0x1500
    splice short.ts a.ts short.ts
    splice_pipeline conform pcm_s16le
    expect_exit 1 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json \
        '[.outputs[].error | .class == "unsupported" and (.message | contains("the picture goes on in another track"))] == [true, true, true, true]'
}

test_a_splice_that_goes_on_in_another_codec_is_refused() {
    transport_stream a.ts
    transport_stream picture.ts -c:v mpeg2video
    transport_stream sound.ts -c:a aac
    splice picture.ts a.ts picture.ts
    splice sound.ts a.ts sound.ts
    splice_pipeline conform pcm_s16le
    expect_exit 1 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '[.outputs[].error.class] == ["unsupported", "unsupported"]'
    expect_json out/.rushes/last/report.json '.outputs[0].error.message | contains("s: the picture goes on in another codec than h264")'
    expect_json out/.rushes/last/report.json '.outputs[1].error.message | contains("s: the sound goes on in another codec than mp2")'
}

# 2^33 / 90000 = 95443.7 s
test_a_part_whose_clock_begins_at_0_again_goes_on() {
    transport_stream a.ts
    transport_stream wraps.ts -output_ts_offset 95441.4
    splice spliced.ts a.ts wraps.ts
    splice_pipeline conform pcm_s16le
    expect_exit 0 rushes run p.yaml in -o out
    expect_twice out
    expect_json out/.rushes/last/report.json '.outputs[0].steps | join(" ") | contains("again later") | not'
}

# One picture each 12 s; and 60 a second where the stream says 15.
test_pictures_far_apart_or_closer_than_told_are_no_splice() {
    mkdir in
    PICTURE=testsrc2=size=64x48:rate=1/12:duration=1200 transport_stream in/lapse.ts -an -g 3
    PICTURE=testsrc2=size=64x48:rate=60:duration=2 transport_stream in/quarter.ts -an -g 15 -bsf:v h264_metadata=tick_rate=30
    PICTURE=testsrc2=size=64x48:rate=1/12:duration=120 transport_stream in/ten.ts -an -g 3
    splice_pipeline fail pcm_s16le
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '[.outputs[].facts.decoded_frames] == [100, 120, 10]'
}

# 2 s of picture each 15 s: where nothing was recorded, packets are counted on.
test_a_gap_in_one_recording_is_no_splice() {
    mkdir in
    PICTURE=testsrc2=size=64x48:rate=25:duration=6 transport_stream in/bursts.ts -an -g 25 \
        -vf "setpts='PTS+floor(T/2)*13/TB'" -vsync passthrough -enc_time_base 1:90000
    pipeline <<'Y'
outputs:
  whole: {to: "whole.mkv", encode: {video: {codec: ffv1}}}
  copied: {to: "copied.mp4", encode: {video: {codec: copy}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '[.outputs[].facts.decoded_frames] == [150, 150]'
    expect_json out/.rushes/last/report.json '[.outputs[].facts.duration] | all(. > 31.9 and . < 32.1)'
}

# Packets with a clock alone (ISO/IEC 13818-1, 2.4.3.4) are left of 14 s.
test_a_hole_in_which_the_clock_goes_on_is_no_splice() {
    mkdir in
    PICTURE=testsrc2=size=64x48:rate=25:duration=20 transport_stream whole.ts -an -g 25
    python3 - <<'P'
data = open("whole.ts", "rb").read()
out = bytearray()
for at in range(0, len(data), 188):
    packet = bytearray(data[at:at + 188])
    if not 3 / 20 < at / len(data) < 17 / 20:
        out += packet
    elif packet[3] & 0x20 and packet[4] >= 7 and packet[5] & 0x10:
        packet[1] &= 0x1f
        packet[3] = 0x20 | packet[3] - 1 & 15
        packet[4] = 183
        packet[12:] = b"\xff" * 176
        out += packet
open("in/hole.ts", "wb").write(out)
P
    splice_pipeline fail pcm_s16le
    sed -i '1a damaged: allow' p.yaml
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[0].facts | .decoded_frames < 200 and .duration > 19.9'
}

test_a_splice_of_one_size_whose_times_go_on_is_no_damage() {
    transport_stream a.ts
    transport_stream b.ts -output_ts_offset 2
    splice spliced.ts a.ts b.ts
    splice_pipeline fail pcm_s16le
    expect_exit 0 rushes run p.yaml in -o out
    expect_twice out
}

test_copied_sound_that_overlaps_at_a_splice_is_to_be_encoded() {
    transport_stream a.ts
    transport_stream b.ts -output_ts_offset 2
    splice spliced.ts a.ts b.ts
    splice_pipeline fail copy
    expect_exit 1 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json \
        '.outputs[0].error | .class == "unsupported" and (.message | contains("the sound goes back by 0.2") and contains("encode it"))'
}

# The 25th picture's PTS (ISO/IEC 13818-1, 2.4.3.7) gets a bit more, 2^31 of the clock of 90 kHz.
test_one_wrong_time_of_a_transport_stream_is_put_between_its_neighbours() {
    mkdir in
    transport_stream a.ts -bf 0
    python3 - <<'P'
data = bytearray(open("a.ts", "rb").read())
pictures = 0
for at in range(0, len(data), 188):
    pes = at + 4 + (1 + data[at + 4] if data[at + 3] & 0x20 else 0)
    if data[at + 1] & 0x40 and data[pes:pes + 4] == b"\0\0\1\xe0":
        pictures += 1
        if pictures == 25:
            data[pes + 9] ^= 0x04
open("in/wild.ts", "wb").write(data)
P
    pipeline <<'Y'
to: "${stem}.mkv"
encode: {video: {codec: ffv1}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json \
        '.outputs[0] | .facts.decoded_frames == 50 and .facts.duration_s < 2.3 and (.steps | join(" ") | contains("1 packet of the source has a time far"))'
}

# Half a second behind the splice, three packets of zeros.
test_damage_behind_a_splice_is_found() {
    transport_stream a.ts
    splice spliced.ts a.ts a.ts
    local size
    size=$(stat -c %s a.ts)
    dd if=/dev/zero of=in/spliced.ts bs=188 seek=$((size * 5 / 4 / 188)) count=12 conv=notrunc status=none
    splice_pipeline conform pcm_s16le
    expect_exit 1 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[0].error.class == "input_damaged"'
}

# first_sound FILE SECONDS: it begins there, to a tenth
first_sound() {
    ffprobe -v error -select_streams a -show_entries packet=pts_time -of csv=p=0 "$1" | sed -n 1p |
        python3 -c 'import sys; at = float(input().strip(",")); assert abs(at - float(sys.argv[1])) < 0.1, at' "$2" ||
        fail "the sound of $1 doesn't begin at $2 s"
}

test_sound_that_only_a_later_part_has_begins_there() {
    transport_stream silent.ts -an
    transport_stream mp2.ts
    transport_stream aac.ts -c:a aac
    splice mp2.ts silent.ts mp2.ts
    splice aac.ts silent.ts aac.ts
    splice again.ts silent.ts aac.ts silent.ts aac.ts
    splice_pipeline fail copy
    expect_exit 1 rushes run p.yaml in -o refused
    expect_json refused/.rushes/last/report.json \
        '[.outputs[].error | .class == "unsupported" and (.message | contains("2.000 s: the times begin anew"))] == [true, true, true]'
    splice_pipeline conform copy
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '[.outputs[].facts.decoded_frames] == [100, 200, 100]'
    for name in mp2 aac again; do first_sound out/$name.mkv 2; done
}

test_sound_that_begins_in_the_middle_of_one_clock_is_kept() {
    transport_stream silent.ts -an
    transport_stream b.ts -output_ts_offset 2
    splice a.ts silent.ts b.ts
    splice_pipeline fail copy
    expect_exit 0 rushes run p.yaml in -o out
    first_sound out/a.mkv 2
    expect_exit 0 rushes probe --measure --json in/a.ts
    expect_json "$said/out" '.[0] | .sample_rate == 44100 and .decoded_audio_s > 2 and .audio_start_s > 1.9'
}

test_picture_that_only_a_later_part_has_begins_there() {
    ffmpeg -v error -f lavfi -i sine=duration=2 -c:a mp2 -streamid 0:257 sound.ts
    transport_stream b.ts
    splice a.ts sound.ts b.ts
    splice_pipeline conform pcm_s16le
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[0] | .facts.decoded_frames == 50 and (.lost | any(startswith("2.0")))'
}

# At its end the file says nothing of it.
test_sound_that_only_a_part_between_has_is_refused() {
    PICTURE=testsrc2=size=640x360:rate=25:duration=4 transport_stream silent.ts -an -b:v 4M
    PICTURE=testsrc2=size=640x360:rate=25:duration=2 transport_stream b.ts
    splice a.ts silent.ts b.ts silent.ts
    splice_pipeline conform pcm_s16le
    expect_exit 1 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json \
        '.outputs[0].error | .class == "unsupported" and (.message | contains("4.000 s: sound begins in a track that neither"))'
}

# Also before the first one: its clock is another.
test_a_short_tail_in_other_tracks_is_told_and_left_out() {
    transport_stream a.ts -output_ts_offset 50
    transport_stream silent.ts -an -output_ts_offset 50
    transport_stream tail.ts -t 0.3 -streamid 0:500 -streamid 1:501
    splice a.ts a.ts tail.ts
    splice silent.ts silent.ts tail.ts
    splice_pipeline fail pcm_s16le
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '[.outputs[].facts.decoded_frames] == [50, 50]'
    expect_json out/.rushes/last/report.json \
        '.outputs | all(.steps | any(contains("s of picture and sound in other tracks (PIDs 0x1f4, 0x1f5)") and contains("left out")))'
    expect_json out/.rushes/last/report.json '.outputs | all(.lost | any(startswith("sound track")))'
    [ "$(ffprobe -v error -show_entries stream=codec_type -of csv=p=0 out/a.mkv | tr '\n' ' ')" = "video audio " ] ||
        fail "$(ffprobe -v error -show_entries stream=codec_type -of csv=p=0 out/a.mkv)"
    [ "$(ffprobe -v error -show_entries stream=codec_type -of csv=p=0 out/silent.mkv)" = video ] || fail "it has sound"
    expect_exit 0 rushes probe --json in/a.ts
    expect_json "$said/out" '.[0] | .audio_tracks == 1 and .duration < 2.3 and (.left_out | startswith("2."))'
    expect_json "$said/out" '[.[0].streams[] | select(.left_out != null) | .kind] | sort == ["audio", "video"]'
    expect_exit 0 rushes probe in/a.ts
    expect_said out "audio: mp2; left out: it is of another transport stream that is put behind"
    pipeline <<'Y'
inputs: {include: ["*"]}
to: "${stem}.wav"
encode: {audio: {codec: pcm_s16le}}
Y
    expect_exit 0 rushes run p.yaml in/a.ts -o wav
    expect_json wav/.rushes/last/report.json \
        '.outputs[0].carried | map(select(.what | startswith("sound track 2"))) | length == 1 and all(.why | startswith("it is of another"))'
}

test_a_sound_track_without_packets_is_no_damage() {
    mkdir in
    transport_stream a.ts
    python3 - <<'P'
data = open("a.ts", "rb").read()
packets = [data[at:at + 188] for at in range(0, len(data), 188)]
open("in/a.ts", "wb").write(b"".join(p for p in packets if (p[1] & 31) << 8 | p[2] != 0x101))
P
    splice_pipeline fail pcm_s16le
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json \
        '.outputs[0] | .facts.decoded_frames == 50 and (.lost | any(contains("there is nothing in it")))'
}

# Sound that nothing changes would be copied; of 48000 and 44100 Hz, a file says one.
test_sound_of_several_recordings_is_encoded_as_one() {
    transport_stream a.ts -c:a aac -ar 48000 -ac 2
    transport_stream b.ts -c:a aac -ar 44100
    splice all.ts a.ts b.ts a.ts
    pipeline <<'Y'
inputs: {include: ["*"], on_change: conform}
outputs:
  mp4: {to: "${stem}.mp4", encode: {video: {codec: h264}}}
  mkv: {to: "${stem}.mkv", encode: {video: {codec: h264}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '[.outputs[].steps[] | select(startswith("sound encoded: it is of several"))] | length == 2'
}

# The same, where it is asked for: the track would be of the first rate alone.
test_copied_sound_that_changes_its_form_is_to_be_encoded() {
    transport_stream a.ts -t 1.96 -c:a aac -ar 48000 -ac 2
    transport_stream b.ts -c:a aac -ar 44100 -ac 2
    transport_stream mono.ts -c:a aac -ar 48000 -ac 1
    splice rate.ts a.ts b.ts
    splice channels.ts a.ts mono.ts
    splice_pipeline conform copy
    expect_exit 1 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json \
        '.outputs[0].error | .class == "config" and (.message | contains("the sound goes on as aac, 48000 Hz, 1 channel, and was aac, 48000 Hz, 2 channels") and contains("encode it"))'
    expect_json out/.rushes/last/report.json '.outputs[1].error.message | contains("goes on as aac, 44100 Hz")'
}

# Its packets say how many channels each of them has (ETSI TS 102 366, 5.4.2.3).
test_copied_sound_of_ac3_may_change_its_channels() {
    transport_stream a.ts -t 1.96 -c:a ac3 -ac 2
    transport_stream b.ts -c:a ac3 -ac 6
    splice a.ts a.ts b.ts
    splice_pipeline conform copy
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[0].steps | any(contains("6 channels, and was ac3, 44100 Hz, 2 channels: copied so"))'
    ffprobe -v error -select_streams a -show_entries frame=channels -of csv=p=0 out/a.mkv | tr -d ',' | sort -un >channels
    [ "$(xargs <channels)" = "2 6" ] || fail "$(cat channels)"
}

# By one clock nothing is known of parts before.
test_sound_that_is_copied_unasked_is_encoded_where_it_overlaps_or_changes() {
    transport_stream a.ts -c:a aac -ar 48000
    transport_stream b.ts -c:a aac -ar 48000 -output_ts_offset 2
    transport_stream short.ts -c:a aac -ar 48000 -af atrim=end=1.9
    transport_stream later.ts -c:a aac -ar 44100 -output_ts_offset 2
    splice overlaps.ts a.ts b.ts
    splice changes.ts short.ts later.ts
    pipeline <<'Y'
inputs: {include: ["*"], on_change: conform}
to: "${stem}.mp4"
encode: {video: {codec: h264, preset: ultrafast}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json \
        '.outputs[] | select(.path == "changes.mp4") | .facts.decoded_frames == 100 and (.steps | any(startswith("sound encoded:") and contains("goes on as aac, 44100 Hz")))'
    expect_json out/.rushes/last/report.json \
        '.outputs[] | select(.path == "overlaps.mp4") | .facts.decoded_frames == 100 and (.steps | any(startswith("sound encoded:") and contains("goes back by 0.2")) and all(. != "sound copied unchanged"))'
}

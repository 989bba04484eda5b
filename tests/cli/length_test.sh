# Lengths and beginnings: where containers say little of them, the output is as the source was.
# Label: media

TINY=$FILES/tiny

ff() { ffmpeg -nostdin -v error -y "$@"; }

# number_of FILE ENTRY: of its picture, as ffprobe counts
number_of() {
    ffprobe -v error -select_streams v:0 -count_frames -show_entries "stream=$2" -of csv=p=0 "$1" | tr -d ',\n'
}

# Every frame at a constant rate, and the length checked.
constant_pipeline() {
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  o:
    encode: {container: mov, video: {codec: prores, profile: proxy}, audio: {codec: pcm_s16le}}
    expect: {duration: source ±1f}
    to: ${stem}.mov
Y
}

test_fps_of_the_own_rate_fills_holes() {
    mkdir in
    ffmpeg -nostdin -v error -f lavfi -i testsrc=s=64x48:r=25:d=4 -vf "select='not(between(n,50,55))'" -fps_mode passthrough -c:v mpeg2video in/a.ts
    pipeline <<'Y'
steps: [fps: 25]
outputs: {k: {to: a.mkv, encode: {video: ffv1}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(ffprobe -v error -count_packets -show_entries stream=nb_read_packets -of csv=p=0 out/a.mkv)" = 100 ] || fail "not 100"
}

# No container says how long a picture is shown that others are missing behind.
test_a_trim_ends_where_pictures_are_missing() {
    mkdir in
    ffmpeg -nostdin -v error -f lavfi -i testsrc=s=64x48:r=25:d=4 -vf "select='not(between(n,20,25)+between(n,30,34)+between(n,50,94))'" -fps_mode passthrough -c:v ffv1 in/a.mkv
    pipeline <<'Y'
steps: [trim: {from: 0.4s, to: 3.5s}]
outputs:
  k: {to: a.mkv, encode: {video: ffv1}}
  m: {to: a.mp4, encode: {video: {codec: h264, preset: ultrafast, options: {bf: 2}}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    for file in out/a.m*; do
        [ "$(ffprobe -v error -count_packets -show_entries stream=nb_read_packets -of csv=p=0 "$file")" = 29 ] || fail "$file"
    done
}

test_late_subtitles_do_not_make_the_programme_longer() {
    mkdir in
    printf '1\n00:00:00,100 --> 00:00:06,000\nlate\n' >late.srt
    ff -i "$TINY/clip.mov" -i late.srt -map 0:v -map 0:a -map 1 -c copy -c:s srt in/a.mkv
    constant_pipeline
    expect_exit 0 rushes run p.yaml in -o out
    expect_exit 0 rushes probe --json in/a.mkv
    expect_json "$said/out" '.[0].duration | . > 0.9 and . < 1.2'
}

# starts_at_0 FILE FRAMES: what only says when its frames are decoded
starts_at_0() {
    constant_pipeline
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(number_of out/a.mov nb_read_frames)" = "$2" ] || fail "$1: $(number_of out/a.mov nb_read_frames) frames"
    [ "$(number_of out/a.mov start_time)" = 0.000000 ] || fail "$1 starts at $(number_of out/a.mov start_time)"
    jq -e '.outputs[0].steps | any(contains("repeated")) | not' out/.rushes/last/report.json >/dev/null ||
        fail "frames were repeated"
}

test_picture_of_an_elementary_stream_starts_at_0() {
    mkdir in
    ff -f lavfi -i testsrc2=size=160x90:rate=25:duration=1 -c:v mpeg2video -bf 2 -f mpeg2video in/a.m2v
    starts_at_0 in/a.m2v 25
}

test_picture_of_an_avi_starts_at_0() {
    mkdir in
    ff -f lavfi -i testsrc2=size=160x90:rate=25:duration=1 -f lavfi -i sine=duration=1 -c:v libx264 -bf 2 \
        -c:a pcm_s16le in/a.avi
    starts_at_0 in/a.avi 25
}

# Its edit list begins between key frames: what is before is decoded, but not shown.
test_clip_trimmed_without_decoding_is_whole() {
    mkdir in
    ff -f lavfi -i testsrc2=size=160x90:rate=25:duration=2 -c:v libx264 -bf 2 -g 50 whole.mp4
    ff -ss 0.6 -i whole.mp4 -c copy in/a.mp4
    constant_pipeline
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(number_of out/a.mov nb_read_frames)" = 35 ] || fail "$(number_of out/a.mov nb_read_frames) frames"
}

test_wave_of_a_film_has_its_timecode_and_names_what_stays_behind() {
    mkdir in
    ff -i "$TINY/clip.mov" -c copy -timecode 01:00:00:00 -metadata creation_time=2026-11-21T10:00:00Z in/a.mov
    expect_exit 0 rushes run r128-wav in -o out
    expect_json out/.rushes/last/report.json '.outputs[0].lost | any(startswith("the picture (h264)"))'
    expect_json out/.rushes/last/report.json '.outputs[0].lost | any(startswith("timecode")) | not'
    [ "$(ffprobe -v error -show_entries format_tags=time_reference -of csv=p=0 out/a.wav)" = 172800000 ] ||
        fail "the time reference isn't that of 01:00:00:00 at 48 kHz"
    [ "$(ffprobe -v error -show_entries format_tags=date -of csv=p=0 out/a.wav)" = 2026-11-21T10:00:00.000000Z ] ||
        fail "the date is lost"
}

test_wave_of_a_film_that_passes_midnight_begins_since_that_midnight() {
    mkdir in
    ff -f lavfi -i testsrc2=size=64x48:rate=25:duration=4 -f lavfi -i sine=duration=4:r=48000 -c:v libx264 -c:a pcm_s16le -timecode 23:59:58:00 in/a.mov
    printf 'rushes: 1\noutputs: {w: {to: a.wav, steps: [trim: {from: 3s}]}}\n' >p.yaml
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(ffprobe -v error -show_entries format_tags=time_reference -of csv=p=0 out/a.wav)" = 48000 ] ||
        fail "the time reference isn't that of 00:00:01:00 at 48 kHz"
}

test_timecode_of_a_variable_rate_is_kept_or_named() {
    mkdir in
    ff -f lavfi -i testsrc2=size=160x90:rate=25:duration=2 -vf "select='not(mod(n,7))+not(mod(n,3))'" -vsync vfr \
        -timecode 01:00:00:00 in/a.mov
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  o: {encode: {container: mov, video: {codec: h264, preset: ultrafast}}, to: "${stem}.mov"}
Y
    expect_exit 0 rushes run p.yaml in -o out
    local kept
    kept=$(ffprobe -v error -show_entries stream_tags=timecode -of csv=p=0 out/a.mov | tr -d ',\n')
    [ -n "$kept" ] || expect_json out/.rushes/last/report.json '.outputs[0].lost | any(startswith("timecode"))'
}

# of_variable_rate FILE: 15 frames at 30 a second, then 15 at 10
of_variable_rate() {
    ff -f lavfi -i testsrc2=size=160x90:rate=30:duration=1 -vf "setpts='if(lt(N,15),N,15+(N-15)*3)/30/TB'" \
        -vsync vfr -c:v libx264 -bf 2 "$1"
}

# fps_of FILE: as probe says
fps_of() { rushes probe --json "$1" | jq -r '.[0].fps'; }

test_variable_rate_is_told_by_its_base_and_conformed_to_it() {
    mkdir in
    of_variable_rate in/a.mp4
    expect_exit 0 rushes probe --json in/a.mp4
    expect_json "$said/out" '.[0] | .vfr and .fps == 30'
    constant_pipeline
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(number_of out/a.mov nb_read_frames)" = 58 ] || fail "$(number_of out/a.mov nb_read_frames) frames"
}

test_unusual_but_constant_rate_is_kept() {
    mkdir in
    ff -f lavfi -i testsrc2=size=160x90:rate=45000/1499:duration=1 -c:v libx264 in/a.mp4
    constant_pipeline
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(number_of out/a.mov r_frame_rate)" = 45000/1499 ] || fail "$(number_of out/a.mov r_frame_rate)"
}

test_unusual_rate_is_conformed_for_mxf() {
    mkdir in
    ff -f lavfi -i testsrc2=size=320x180:rate=45000/1499:duration=1 -c:v libx264 in/a.mp4
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  o: {encode: {container: mxf, video: {codec: dnxhd, profile: dnxhr_lb}}, to: "${stem}.mxf"}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[0].steps | any(. == "unusual frame rate conformed to 30 fps")'
}

# Matroska whose DefaultDuration is blanked: two frames, in which libavformat finds no rate.
test_rate_that_no_container_tells_is_measured() {
    mkdir in
    ff -f lavfi -i testsrc2=size=160x90:rate=25:duration=0.08 -c:v ffv1 in/a.mkv
    perl -0pi -e 's/\x23\xe3\x83\x84..../\xec\x86\0\0\0\0\0\0/s' in/a.mkv
    [ "$(fps_of in/a.mkv)" = 25 ] || fail "$(fps_of in/a.mkv)"
    constant_pipeline
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(number_of out/a.mov nb_read_frames)" = 2 ] || fail "$(number_of out/a.mov nb_read_frames) frames"
}

# Matroska whose DefaultDuration is a millisecond, its clock's tick, and whose Duration is the 468 ms
# that this makes.
test_last_frame_of_blocks_that_last_a_tick_is_kept() {
    mkdir in
    ff -f lavfi -i testsrc2=size=160x90:rate=30:duration=0.5 -c:v libx264 -preset ultrafast in/a.mkv
    perl -0pi -e 's/\x23\xe3\x83\x84..../\x23\xe3\x83\x84\x00\x0f\x42\x40/s' in/a.mkv
    perl -0777 -pi -e 's/\x44\x89\x88.{8}/\x44\x89\x88\x40\x7d\x40\0\0\0\0\0/s' in/a.mkv
    expect_exit 0 rushes probe --json in/a.mkv
    expect_json "$said/out" '.[0] | .fps == 30 and (.vfr | not)'
    constant_pipeline
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(number_of out/a.mov nb_read_frames)" = 15 ] || fail "$(number_of out/a.mov nb_read_frames) frames"
}

# Its DefaultDuration says 40 ms, whichever pictures there are.
test_matroska_that_lacks_pictures_is_of_variable_rate() {
    mkdir in
    ff -f lavfi -i testsrc2=size=160x90:rate=25:duration=2 -vf "select='not(mod(n,3))+gt(n,30)'" -vsync vfr \
        -c:v mpeg2video in/a.mkv
    expect_exit 0 rushes probe --json in/a.mkv
    expect_json "$said/out" '.[0] | .fps == 25 and .vfr'
}

# It says 80 ms, and each picture comes 40 ms behind the one before.
test_matroska_whose_pictures_all_deny_its_rate_is_of_theirs() {
    mkdir in
    ff -f lavfi -i testsrc2=size=160x90:rate=25:duration=2 -c:v mpeg2video in/a.mkv
    perl -0pi -e 's/\x23\xe3\x83\x84..../\x23\xe3\x83\x84\x04\xc4\xb4\x00/s' in/a.mkv
    expect_exit 0 rushes probe --json in/a.mkv
    expect_json "$said/out" '.[0] | .fps == 25 and (.vfr | not)'
}

# It says 43.01 ms, the average of 279 pictures in 12 seconds, as libavformat copies them from MP4: of the 300 of 25 a second
# one is missing in one place, and twenty in another.
test_matroska_that_lacks_some_pictures_is_of_the_rate_whose_steps_they_are_on() {
    mkdir in
    ff -f lavfi -i testsrc2=size=64x48:rate=25:duration=12 -vf "select='not(eq(n,40)+between(n,100,119))'" -vsync vfr \
        -c:v mpeg2video in/a.mkv
    perl -0pi -e 's/\x23\xe3\x83\x84..../\x23\xe3\x83\x84\x02\x90\x4a\xc0/s' in/a.mkv
    expect_exit 0 rushes probe --json in/a.mkv
    expect_json "$said/out" '.[0] | .fps == 25 and (.vfr | not)'
    constant_pipeline
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[0].steps | any(. == "21 frames repeated, 0 dropped")'
}

# slow_ts SECONDS: transport streams of 8 pictures that come so far apart, as time lapses; MPEG-2's header says 25 a second
slow_ts() {
    local length=$(($1 * 8))
    ff -f lavfi -i "testsrc2=size=64x48:rate=1/$1:duration=$length" -c:v libx264 -preset ultrafast "in/h264_$1.ts"
    ff -f lavfi -i "testsrc2=size=64x48:rate=1/$1:duration=$length" -f lavfi -i "sine=duration=$length" -c:v libx264 \
        -c:a mp2 "in/sound_$1.ts"
    ff -f lavfi -i testsrc2=size=64x48:rate=25:duration=0.32 -c:v mpeg2video -bsf:v "setts=ts=N*$1*90000" -f mpegts \
        "in/mpeg2_$1.ts"
    for name in h264 sound mpeg2; do
        expect_exit 0 rushes probe --json "in/${name}_$1.ts"
        expect_json "$said/out" ".[0] | (.fps * $1 - 1 | fabs) < 0.0001 and (.vfr | not) and (.duration - $length | fabs) < 0.1"
    done
}

# With sound between, two pictures are further apart than what libavformat looks at.
test_slow_pictures_of_a_transport_stream_are_all_there_for_their_whole_length() {
    mkdir in
    for seconds in 2 5 12; do slow_ts $seconds; done
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  mp4: {to: "${stem}_c.mp4", encode: {video: {codec: copy}, audio: {codec: copy}}}
  mkv: {to: "${stem}_c.mkv", encode: {video: {codec: copy}, audio: {codec: copy}}}
  mov: {to: "${stem}_c.mov", encode: {video: {codec: copy}, audio: {codec: copy}}}
  h264: {to: "${stem}.mp4", encode: {video: {codec: h264, preset: ultrafast}, audio: {codec: aac}}}
  ffv1: {to: "${stem}.mkv", encode: {video: {codec: ffv1}, audio: {codec: flac}}}
  prores: {to: "${stem}.mov", encode: {video: {codec: prores}, audio: {codec: pcm_s16le}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs | length == 54 and all(.facts.decoded_frames == 8)'
    expect_json out/.rushes/last/report.json \
        '.outputs | all((.input | capture("_(?<s>[0-9]+)").s | tonumber * 8) as $s | .facts.decoded_video_s - $s | fabs < 0.001)'
    expect_json out/.rushes/last/report.json \
        '.outputs | all((.input | capture("_(?<s>[0-9]+)").s | tonumber * 8) as $s | .facts.duration - $s | fabs < 0.02)'
}

test_pictures_of_a_transport_stream_may_be_a_second_or_a_minute_apart() {
    mkdir in
    for seconds in 1 60; do slow_ts $seconds; done
}

# uneven_ts NAME RATE TIMES: 24 pictures of MPEG-2, whose header says 25 a second, at times of 90 kHz, with sound
uneven_ts() {
    ff -f lavfi -i testsrc2=size=64x48:rate=25:duration=0.96 -f lavfi -i sine=duration=3 -c:a mp2 -c:v mpeg2video -bf 0 \
        -bsf:v "setts=ts=$3" -f mpegts "in/$1.ts"
    expect_exit 0 rushes probe --json "in/$1.ts"
    expect_json "$said/out" ".[0] | (.fps / $2 - 1 | fabs) < 0.03 and .vfr"
}

test_uneven_pictures_of_a_transport_stream_far_behind_its_header_are_of_their_own_rate() {
    mkdir in
    uneven_ts eight 8 'N*10800+floor(N/4)*1800'
    uneven_ts half 0.5 'floor(N/2)*360000+mod(N\,2)*120000'
    pipeline <<'Y'
to: "${stem}.mkv"
encode: {video: {codec: ffv1}, audio: {codec: flac}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '[.outputs[].facts.decoded_frames] == [24, 24]'
}

# of_two_rates FIRST SECOND CODEC: 4 s of each, of one clock
of_two_rates() {
    local name=$3_${1%/*}_${2%/*}
    ff -f lavfi -i "testsrc2=size=64x48:rate=$1:duration=4" -c:v "$3" -bf 2 one.ts
    ff -f lavfi -i "testsrc2=size=64x48:rate=$2:duration=4" -c:v "$3" -bf 2 two.ts
    printf 'file one.ts\nfile two.ts\n' >list
    ff -f concat -i list -c copy "in/$name.ts"
}

test_a_rate_that_changes_in_the_middle_of_a_transport_stream_loses_no_picture() {
    mkdir in
    for codec in libx264 mpeg2video; do
        of_two_rates 25 50 $codec
        of_two_rates 50 25 $codec
        of_two_rates 30000/1001 24000/1001 $codec
    done
    for file in in/*25_50.ts in/*50_25.ts; do
        expect_exit 0 rushes probe --json "$file"
        expect_json "$said/out" '.[0] | .vfr and .fps == 50'
    done
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  mp4: {to: "${stem}.mp4", encode: {video: {codec: h264, preset: ultrafast}}}
  mkv: {to: "${stem}.mkv", encode: {video: {codec: ffv1}}}
  copied: {to: "${stem}_c.mp4", encode: {video: {codec: copy}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '[.outputs[].facts.decoded_frames] | unique == [216, 300] and length == 18'
    constant_pipeline
    expect_exit 0 rushes run p.yaml in -o constant
    expect_json constant/.rushes/last/report.json '[.outputs[].facts.decoded_frames] | unique == [240, 400]'
    expect_json constant/.rushes/last/report.json '.outputs | all(.steps | any(endswith(" frames repeated, 0 dropped")))'
}

# H.264 of an encoder that may write fields (frame_mbs_only_flag 0) and begins with frames: what comes twice as often later
# may be fields.
test_h264_that_may_be_of_fields_is_of_no_other_rate_where_it_doubles() {
    mkdir in
    for rate in 25 50; do
        ff -f lavfi -i "testsrc2=size=64x48:rate=$rate:duration=4" -c:v libx264 -bf 2 -x264-params fake-interlaced=1 $rate.ts
    done
    printf 'file 25.ts\nfile 50.ts\n' >list
    ff -f concat -i list -c copy in/a.ts
    expect_exit 0 rushes probe --json in/a.ts
    expect_json "$said/out" '.[0] | (.vfr | not) and .fps == 25'
}

test_pictures_of_two_fields_are_of_constant_rate() {
    mkdir in
    for codec in libx264 mpeg2video; do
        ff -f lavfi -i testsrc2=size=320x240:rate=50:duration=4 -vf tinterlace=4 -flags +ildct+ilme -c:v $codec in/$codec.ts
        expect_exit 0 rushes probe --json in/$codec.ts
        expect_json "$said/out" '.[0] | .fps == 25 and (.vfr | not)'
    done
}

# Matroska says 25 a second, and of more than its beginning nobody asks.
test_frames_that_are_dropped_are_told_with_what_keeps_them() {
    mkdir in
    ff -f lavfi -i testsrc2=size=64x48:rate=25:duration=12 -c:v mpeg2video one.mkv
    ff -f lavfi -i testsrc2=size=64x48:rate=50:duration=4 -c:v mpeg2video two.mkv
    printf 'file one.mkv\nfile two.mkv\n' >list
    ff -f concat -i list -c copy in/a.mkv
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  few: {to: few.mp4, encode: {video: {codec: h264, preset: ultrafast}}}
  all: {steps: [fps: 50], to: all.mp4, encode: {video: {codec: h264, preset: ultrafast}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs | any(.steps | any(contains("frames dropped") and contains("`fps`")))'
    expect_json out/.rushes/last/report.json '.outputs | any(.steps | any(endswith(" frames repeated, 0 dropped")))'
}

test_pictures_five_seconds_apart_are_of_constant_rate() {
    mkdir in
    for ext in mp4 mkv ts; do
        ff -f lavfi -i testsrc2=size=64x48:rate=1/5:duration=40 -c:v libx264 in/a.$ext
        expect_exit 0 rushes probe --json in/a.$ext
        expect_json "$said/out" '.[0] | .fps == 0.2 and (.vfr | not)'
    done
}

test_pictures_that_come_evenly_are_of_constant_rate_whatever_it_is() {
    mkdir in
    for ext in mp4 mkv ts; do
        ff -f lavfi -i testsrc2=size=64x48:rate=10/7:duration=28 -c:v libx264 -bf 2 in/a.$ext
        expect_exit 0 rushes probe --json in/a.$ext
        expect_json "$said/out" '.[0] | (.fps * 7 | . > 9.999 and . < 10.001) and (.vfr | not)'
    done
}

# 0.7 s apart on average, in the frames of 25 a second that their codec and Matroska promise.
test_a_rate_that_is_promised_and_has_far_fewer_pictures_is_variable() {
    mkdir in
    for ext in mp4 mkv; do
        ff -f lavfi -i testsrc2=size=64x48:rate=25:duration=1 -vf 'setpts=N*0.7/TB' \
            -fps_mode passthrough -c:v libx264 in/a.$ext
        expect_exit 0 rushes probe --json in/a.$ext
        expect_json "$said/out" '.[0].vfr'
    done
}

# As phones film: steady at first, then slower; the sound is longer than what MP4 says of the last picture, and with B
# pictures the track is shorter than its last picture's time.
test_variable_rates_come_out_whatever_the_last_picture_is_said_to_last() {
    mkdir in
    local steady_first='if(lt(t\,2)\,1\,not(mod(n\,3)))'
    local thrice='if(lt(t\,1)\,not(mod(n\,4))\,if(lt(t\,2)\,1\,not(mod(n\,12))))'
    ff -f lavfi -i "testsrc2=size=64x48:rate=30:duration=5,select='$steady_first'" -f lavfi -i sine=duration=5:r=48000 \
        -fps_mode vfr -c:v libx264 -bf 0 -c:a aac in/phone.mp4
    ff -f lavfi -i "testsrc2=size=64x48:rate=120:duration=4,select='$thrice'" -f lavfi -i sine=duration=4:r=48000 \
        -fps_mode vfr -c:v libx264 -bf 2 -c:a aac in/slow.mp4
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  ffv1: {to: "${stem}.mkv", encode: {video: {codec: ffv1}}}
  copy: {to: "${stem}.copy.mkv", encode: {video: {codec: copy}, audio: {codec: copy}}}
  again: {to: "${stem}.mp4", encode: {video: {codec: copy}, audio: {codec: copy}}}
  part: {to: "${stem}.part.mp4", steps: [trim: {to: 3s}], encode: {video: {codec: h264}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    for kind in mkv copy.mkv mp4; do
        for film in phone:90 slow:170; do
            [ "$(ffprobe -v error -select_streams v -count_packets -show_entries stream=nb_read_packets -of csv=p=0 \
                out/${film%:*}.$kind)" = ${film#*:} ] || fail "${film%:*}.$kind: pictures are missing"
        done
    done
}

# Its pictures are seen from the second key frame on, its sound is heard from the start.
test_copied_sound_is_whole_where_the_first_pictures_cannot_be_decoded() {
    mkdir in
    ff -f lavfi -i testsrc2=size=64x48:rate=25:duration=3 -f lavfi -i sine=duration=3:r=48000 -c:v libx264 -g 25 -bf 0 -c:a aac whole.mp4
    ff -i whole.mp4 -c copy -bsf:v 'noise=drop=eq(n\,0)' in/a.mp4
    pipeline <<'Y'
inputs: {include: ["*"]}
damaged: allow
outputs:
  mkv: {to: a.mkv, encode: {video: {codec: h264}, audio: {codec: copy}}}
  mp4: {to: a.mp4, encode: {video: {codec: h264}, audio: {codec: copy}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_exit 0 rushes probe --json --measure out/a.mkv
    expect_json "$said/out" '.[0] | .decoded_audio_s > 2.9 and .decoded_frames == 50'
}

# What is there of it is delivered, though presets hold a master to the length of its source.
test_a_master_of_a_damaged_source_is_as_long_as_what_could_be_decoded() {
    mkdir in
    ff -f lavfi -i testsrc2=size=64x48:rate=25:duration=4 -c:v mpeg2video -g 1 -b:v 2M whole.mkv
    head -c $(($(stat -c %s whole.mkv) / 2)) whole.mkv >in/a.mkv
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs: {a: {preset: prores-422-hq, to: a.mov}}
Y
    expect_exit 1 rushes run p.yaml in -o out
    echo 'damaged: allow' >>p.yaml
    expect_exit 0 rushes run p.yaml in -o out
    expect_said out "damaged"
    expect_file out/a.mov
    expect_json out/.rushes/last/report.json \
        '.outputs[0].checks[] | select(.name == "duration") | .pass and .unjudged'
}

# Its sound, which would be copied, begins 0.48 s after its picture, and a click is heard at 1 s.
test_sound_that_begins_late_stays_beside_its_picture_without_edit_lists_and_in_fragments() {
    mkdir in
    ff -f lavfi -i testsrc2=size=64x48:rate=25:duration=3 -f lavfi -i 'aevalsrc=if(between(t\,1\,1.05)\,0.5*sin(6283*t)\,0):s=48000:d=3' \
        -c:v libx264 -c:a aac whole.mp4
    for ext in mp4 ts; do ff -i whole.mp4 -ss 0.48 -i whole.mp4 -map 0:v -map 1:a -c copy -copyts in/late.$ext; done
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  bare: {to: "${stem}.${ext}.bare.mp4", encode: {edit_lists: false, video: {codec: h264}}}
  parts: {to: "${stem}.${ext}.parts.mp4", encode: {fragment: 1s, video: {codec: h264}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    for file in out/*.mp4; do
        ffmpeg -nostdin -i "$file" -map 0:a -af silencedetect=n=-30dB:d=0.3 -f null - 2>&1 | grep -oE 'silence_end: [0-9.]+' | head -1 >click
        awk '{ exit !($2 > 0.97 && $2 < 1.03) }' click || fail "$file: a click at $(cat click)"
    done
}

# Their times are right, but misread.
test_fragments_without_edit_lists_tell_of_b_frames() {
    mkdir in
    ff -f lavfi -i testsrc2=size=64x48:rate=25:duration=2 -c:v libx264 -bf 2 in/a.mp4
    pipeline <<'Y'
outputs:
  held: {to: held.mp4, encode: {edit_lists: false, fragment: 1s, video: {codec: copy}}}
  none: {to: none.mp4, encode: {edit_lists: false, fragment: 1s, video: {codec: h264, b_frames: 0}}}
  list: {to: list.mp4, encode: {fragment: 1s, video: {codec: copy}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json \
        '[.outputs[] | select(.steps | any(contains("`b_frames: 0` holds nothing back"))) | .path] == ["held.mp4"]'
}

# What is read ahead ends between pictures that are shown before the last one.
test_matroska_with_b_pictures_and_sound_is_of_constant_rate() {
    mkdir in
    ff -f lavfi -i testsrc2=size=160x90:rate=30000/1001:duration=9 -f lavfi -i sine=duration=9 \
        -c:v libx264 -preset fast -c:a aac in/a.mkv
    expect_exit 0 rushes probe --json in/a.mkv
    expect_json "$said/out" '.[0] | .fps > 29.97 and .fps < 29.9701 and .frames == 270 and (.vfr | not)'
}

# One of 150: too few for a variable rate.
test_pictures_that_are_missing_between_copied_ones_are_told_of_mxf() {
    mkdir in
    ff -f lavfi -i testsrc2=size=160x90:rate=25:duration=6 -vf "select='not(eq(n,40))'" -vsync vfr -c:v mpeg2video in/a.mkv
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  o: {encode: {container: mxf, video: {codec: copy}}, to: "${stem}.mxf"}
Y
    expect_exit 1 rushes run p.yaml in -o out
    expect_error out a.mkv config
    expect_said out "copied, pictures would come up to 0.040 s early, since 1 is missing"
    sed -i 's/codec: copy/codec: mpeg2video/' p.yaml
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(number_of out/a.mxf nb_read_frames)" = 150 ] || fail "$(number_of out/a.mxf nb_read_frames) frames"
}

# Too few for another rate.
test_more_pictures_than_the_rate_of_a_transport_stream_are_told_of_mxf() {
    mkdir in
    ff -f lavfi -i testsrc2=size=160x90:rate=50:duration=2.4 -vf "select='gt(n,100)+not(mod(n,2))'" -vsync vfr -c:v mpeg2video -bf 0 in/a.ts
    [ "$(fps_of in/a.ts)" = 25 ] || fail "$(fps_of in/a.ts) pictures a second"
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  o: {encode: {container: mxf, video: {codec: copy}}, to: "${stem}.mxf"}
Y
    expect_exit 1 rushes run p.yaml in -o out
    expect_error out a.ts config
    expect_said out "more come than the source's rate says"
}

test_timecode_is_burnt_into_a_variable_rate() {
    mkdir in
    of_variable_rate in/a.mp4
    pipeline <<'Y'
inputs: {include: ["*"]}
steps: [{text: {running: timecode}}]
outputs:
  o: {encode: {container: mp4, video: {codec: h264, preset: ultrafast}}, to: "${stem}.mp4"}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[0].steps | any(contains("counts at 30 fps"))'
}

test_trim_beyond_the_end_keeps_the_last_frame() {
    mkdir in
    of_variable_rate in/a.mp4
    pipeline <<'Y'
inputs: {include: ["*"]}
steps: [{trim: {length: 1h}}]
outputs:
  o: {encode: {container: mp4, video: {codec: h264, preset: ultrafast}}, to: "${stem}.mp4"}
Y
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(number_of out/a.mp4 nb_read_frames)" = 30 ] || fail "$(number_of out/a.mp4 nb_read_frames) frames"
}

test_trim_between_two_frames_is_told_without_a_sign() {
    mkdir in
    ff -f lavfi -i color=white:size=160x90:rate=25:duration=0.04 -c:v ffv1 in/a.mkv
    pipeline <<'Y'
inputs: {include: ["*"]}
steps: [{trim: {length: 1ms}}]
outputs:
  o: {encode: {container: mkv, video: {codec: ffv1}}, to: "${stem}.mkv"}
Y
    expect_exit 1 rushes run p.yaml in -o out
    expect_said out "no frame begins from 0.000 s on and before 0.001 s"
}

test_clip_shorter_than_its_fades_gets_none() {
    mkdir in
    ff -f lavfi -i color=white:size=160x90:rate=25:duration=0.04 -c:v ffv1 in/a.mkv
    pipeline <<'Y'
inputs: {include: ["*"]}
steps: [{fade: {in: 6f, out: 12f}}]
outputs:
  o: {encode: {container: mkv, video: {codec: ffv1}}, to: "${stem}.mkv"}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[0].steps | any(startswith("no fade"))'
    ffmpeg -nostdin -v error -i out/a.mkv -vf scale=1:1 -f rawvideo -pix_fmt gray - >luma
    [ "$(od -An -tu1 luma | tr -d ' ')" -gt 230 ] || fail "the only frame is dark"
}

# long_sound FILE: white, half a second of picture and two frames more of sound
long_sound() {
    ff -f lavfi -i color=white:size=160x90:rate=25:duration=0.5 -f lavfi -i sine=duration=0.6 -c:v ffv1 -c:a pcm_s16le "$1"
}

# last_luma FILE: the mean code value of its last picture
last_luma() {
    ffmpeg -nostdin -v error -i "$1" -vf scale=1:1 -f rawvideo -pix_fmt gray - | tail -c 1 | od -An -tu1 | tr -d ' '
}

test_fade_ends_with_the_picture_where_sound_goes_on() {
    mkdir in
    long_sound in/a.mov
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  o: {encode: {container: mkv, video: {codec: ffv1}, audio: {codec: pcm_s16le}}, steps: [{fade: {out: 8f}}], to: "${stem}.mkv"}
  w: {encode: {container: wav, audio: {codec: pcm_s16le}}, steps: [{fade: {out: 8f}}], to: "${stem}.wav"}
Y
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(last_luma out/a.mkv)" -lt 60 ] || fail "the last frame has $(last_luma out/a.mkv)"
    # Sound alone goes on up to its own end.
    local loudest
    loudest=$(ffmpeg -nostdin -v error -ss 0.5 -t 0.05 -i out/a.wav -f s16le - | od -An -v -w2 -td2 | sort -n | tail -1)
    [ "$loudest" -gt 300 ] || fail "sound alone has no more than $loudest where the picture ends"
}

test_joined_films_are_as_long_as_their_pictures() {
    mkdir in
    long_sound in/a.mov
    cp in/a.mov in/b.mov
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  o:
    each: job
    steps: [{fade: {out: 8f}}]
    encode: {container: mkv, video: {codec: ffv1}, audio: {codec: pcm_s16le}}
    expect: {duration: source ±1f}
    to: reel.mkv
Y
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(last_luma out/reel.mkv)" -lt 60 ] || fail "the last frame has $(last_luma out/reel.mkv)"
    expect_json out/.rushes/last/report.json '.outputs[0].checks[0].measured | test("^1.04 s .source: 1.04 s")'
}

test_subtitles_that_outlast_an_mp4_make_it_no_longer() {
    mkdir in
    printf '1\n00:00:00,200 --> 00:00:06,000\nlong\n' >in.srt
    ff -f lavfi -i testsrc2=size=160x90:rate=25:duration=2 -i in.srt -c:v libx264 -preset ultrafast -c:s mov_text in/a.mp4
    expect_exit 0 rushes probe --json in/a.mp4
    expect_json "$said/out" '.[0].duration == 2'
    pipeline <<'Y'
inputs: {include: ["*"]}
steps: [{trim: {from: -1s}}]
outputs:
  o: {encode: {container: mov, video: {codec: prores}}, to: "${stem}.mov", expect: {duration: 1s ±1f}}
Y
    expect_exit 0 rushes run p.yaml in -o out
}

test_length_of_the_source_is_what_the_steps_leave_of_it() {
    mkdir in
    ff -f lavfi -i testsrc2=size=160x90:rate=25:duration=4 -f lavfi -i sine=duration=4 -c:v libx264 -c:a pcm_s16le in/a.mov
    constant_pipeline
    sed -i '1i steps: [{trim: {from: 12f, to: 75%}}, {speed: 2}]' p.yaml
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[0].checks[0].measured == "1.28 s (source: 1.26 s)"'
    sed -i 's/expect: .*/expect: {duration: 2s ±1f}/' p.yaml
    expect_exit 3 rushes run p.yaml in -o out
}

test_a_thousand_frames_a_second_are_a_rate() {
    mkdir in
    ff -f lavfi -i testsrc2=size=160x90:rate=1000:duration=0.1 -c:v ffv1 in/a.mkv
    expect_exit 0 rushes probe --json in/a.mkv
    expect_json "$said/out" '.[0].fps == 1000'
}

test_variable_rate_is_whole_in_matroska() {
    mkdir in
    of_variable_rate in/a.mp4
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  o: {encode: {container: mkv, video: {codec: h264, preset: ultrafast}}, to: "${stem}.mkv"}
Y
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(number_of out/a.mkv nb_read_frames)" = 30 ] || fail "$(number_of out/a.mkv nb_read_frames) frames"
}

test_too_many_frames_a_second_for_av1_are_explained() {
    mkdir in
    ff -f lavfi -i testsrc2=size=160x90:rate=600:duration=0.05 -c:v ffv1 in/a.mkv
    expect_exit 1 rushes run av1-web in -o out
    expect_said out "600 frames a second are too many for av1"
}

# 720x480 of 32:27 pixels are 853 and a third across.
test_graded_picture_keeps_even_sizes() {
    mkdir in
    ff -f lavfi -i testsrc2=size=720x480:rate=25:duration=0.2,setsar=32/27 -c:v libx264 -pix_fmt yuv422p in/a.mp4
    pipeline <<'Y'
inputs: {include: ["*"]}
steps: [{grade: {saturation: 0.9}}, {resize: {width: 1280, height: 1280, fit: inside}}, {text: {text: name}}]
outputs:
  o: {encode: {container: mov, video: {codec: prores}}, to: "${stem}.mov"}
Y
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(number_of out/a.mov width)" = 854 ] || fail "$(number_of out/a.mov width) wide"
}

# A film begins with its picture; packets are whole, so that a copy has some of the sound before it, as much as 96 ms of FLAC.
test_copied_sound_before_a_late_picture_is_not_of_the_film() {
    mkdir in
    local codec
    for codec in flac libopus libvorbis aac; do
        ffmpeg -nostdin -v error -itsoffset 0.5 -f lavfi -i testsrc2=size=64x48:rate=25:duration=2 -f lavfi -i sine=sample_rate=48000:duration=3 \
            -c:v libx264 -c:a $codec in/$codec.mkv
    done
    pipeline <<'Y'
outputs:
  a: {to: "${stem}.mkv", encode: {container: mkv, video: {codec: copy}, audio: {codec: copy}}}
  b: {to: "${stem}.mka", encode: {container: mka, audio: {codec: copy}}}
  c: {to: "${stem}.mov", encode: {container: mov, video: {codec: copy}, audio: {codec: pcm_s16le}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
}

test_a_gif_of_too_many_frames_a_second_is_told_how_many_it_takes() {
    mkdir in
    ff -f lavfi -i testsrc2=size=64x48:rate=60:duration=0.2 -c:v ffv1 in/a.mkv
    pipeline <<'Y'
to: a.gif
Y
    expect_exit 1 rushes run p.yaml in -o out
    expect_said out "60 frames a second are too many for gif, whose encoder takes 50: add an \`fps\` step, for example fps: 50"
}

# Its only key frame is the first picture, which is missing: nothing of the span can be decoded.
test_a_gif_of_no_picture_is_told_so() {
    mkdir in
    ff -f lavfi -i testsrc2=size=64x48:rate=25:duration=2 -c:v libx264 -g 25 -bf 0 whole.mp4
    ff -i whole.mp4 -c copy -bsf:v 'noise=drop=eq(n\,0)' in/a.mp4
    pipeline <<'Y'
damaged: allow
steps: [trim: {to: 0.5s}]
to: a.gif
Y
    expect_exit 1 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[0].error.class != "internal"'
}

# Its duration counts from 0, as FFmpeg writes it, and not from where the first track begins, as MKVToolNix does.
test_matroska_that_begins_late_is_as_long_as_what_is_in_it() {
    mkdir in
    ff -f lavfi -i testsrc2=size=160x90:rate=25:duration=2 -c:v libx264 -preset ultrafast -output_ts_offset 3 in/a.mkv
    mkvmerge -q -o in/b.mkv in/a.mkv
    for file in in/a.mkv in/b.mkv; do
        expect_exit 0 rushes probe --measure --json $file
        expect_json "$said/out" '.. | objects | select(has("decoded_frames")) | .decoded_frames == 50 and .duration == 2'
    done
}

test_sound_before_the_first_picture_is_told_of() {
    mkdir in
    ff -itsoffset 0.6 -f lavfi -i testsrc2=size=160x90:rate=25:duration=2 -f lavfi -i sine=duration=2.6:r=48000 \
        -c:v libx264 -preset ultrafast -c:a aac in/a.mkv
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  copied: {to: copied.mkv, encode: {video: {codec: ffv1}}}
  encoded: {to: encoded.mov, encode: {video: {codec: h264}, audio: {codec: pcm_s16le}}}
  sound: {to: sound.wav}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json \
        '[.outputs[].steps[] | select(endswith("s of sound before the first picture left out: a film begins with its picture"))] | length == 3'
}

test_chapters_behind_the_end_make_no_film_longer() {
    mkdir in
    printf ';FFMETADATA1\n' >c.txt
    for from in 0 1 3; do printf '[CHAPTER]\nTIMEBASE=1/1\nSTART=%d\nEND=%d\ntitle=c%d\n' $from $((from + 2)) $from; done >>c.txt
    ff -f lavfi -i testsrc2=size=64x48:rate=25:duration=2 -f lavfi -i sine=duration=2:r=48000 -i c.txt -map_chapters 2 \
        -map 0 -map 1 -c:v libx264 -c:a aac in/a.mkv
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  film: {to: a.mov, encode: {video: {codec: h264}}}
  sound: {to: a.m4a}
Y
    expect_exit 0 rushes run p.yaml in -o out
    for file in out/a.mov out/a.m4a; do
        ffprobe -v error -show_entries format=duration -of csv=p=0 $file >seconds
        awk '{ exit !($1 < 2.1) }' seconds || fail "$file lasts $(cat seconds) s"
    done
    expect_json out/.rushes/last/report.json '[.outputs[].facts.chapters] == [2, 2]'
}

# As recorders write it: no edit list, so that sound begins before the picture by what is held back for B pictures, and
# FFmpeg's first packet of sound, which is priming, lasts for as long.
test_a_copy_of_fragments_without_an_edit_list_is_whole() {
    mkdir in
    ff -f lavfi -i testsrc2=size=160x90:rate=25:duration=3 -f lavfi -i sine=duration=3:r=48000 -c:v libx264 -bf 2 -c:a aac \
        -movflags frag_keyframe+empty_moov in/a.mp4
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  mkv: {to: a.mkv, encode: {video: {codec: copy}, audio: {codec: copy}}}
  mp4: {to: a.mp4, encode: {video: {codec: copy}, audio: {codec: copy}}}
  mov: {to: a.mov, encode: {video: {codec: copy}, audio: {codec: copy}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_exit 0 rushes probe --measure --json out/a.mkv
    expect_json "$said/out" '.. | objects | select(has("decoded_frames")) | .decoded_frames == 75 and .decoded_audio_s > 2.95'
    ff -i in/a.mp4 -f s16le - | tail -c +2049 >sound
    for file in out/a.mp4 out/a.mov; do
        ff -i $file -f s16le - | cmp - sound || fail "$file: other sound"
        starts=$(ffprobe -v error -show_entries stream=start_time -of csv=p=0 $file | tr '\n' ' ')
        [ "$starts" = '0.000000 0.000000 ' ] || fail "$file: picture and sound begin at $starts"
    done
}

# It says 0, and lasts until the second; and nothing says how long the last is.
test_the_first_packet_of_sound_in_fragments_of_ffmpeg_is_heard_where_it_belongs() {
    mkdir in
    for format in alac:s16p flac:s16; do
        codec=${format%:*} format=${format#*:}
        ff -f lavfi -i testsrc2=size=160x90:rate=25:duration=3 -f lavfi -i 'aevalsrc=0.4*sin(3000*t*t):d=3:s=48000' \
            -c:v libx264 -bf 2 -c:a $codec -sample_fmt:a $format -strict -2 -movflags frag_keyframe+empty_moov in/$codec.mp4
    done
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  mkv: {to: "${stem}.mkv", encode: {video: {codec: copy}, audio: {codec: copy}}}
  mp4: {to: "${stem}.mp4", encode: {video: {codec: copy}, audio: {codec: copy}}}
  wav: {to: "${stem}.wav", encode: {audio: {codec: pcm_s16le}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    for codec in alac flac; do
        expect_exit 0 rushes probe --json in/$codec.mp4
        expect_json "$said/out" '.[0] | .duration == 3 and .samples == 144000'
        ff -i in/$codec.mp4 -f s16le sound
        for file in out/$codec.*; do ff -i $file -f s16le - | cmp - sound || fail "$file: other sound"; done
    done
}

# Decoders need a little of it; where packets are missing there, FFmpeg takes as much off what is heard.
test_holes_in_sound_before_the_picture_cost_nothing_of_what_is_copied() {
    mkdir in
    ff -f lavfi -i testsrc2=size=160x90:rate=25:duration=2 -c:v libx264 -preset ultrafast p.mkv
    ff -f lavfi -i 'aevalsrc=0.4*sin(3000*t*t):d=2.6:s=48000' -c:a aac -aac_pns 0 s.mkv
    ff -itsoffset 0.6 -i p.mkv -i s.mkv -c copy -bsf:a 'noise=drop=between(n\,22\,25)' in/a.mkv
    for ext in mp4 mov; do printf '  %s: {to: a.%s, encode: {video: {codec: copy}, audio: {codec: copy}}}\n' $ext $ext; done |
        cat <(printf 'rushes: 1\noutputs:\n') - >p.yaml
    expect_exit 0 rushes run p.yaml in -o out
    ff -i s.mkv -f s16le whole
    for ext in mp4 mov; do
        ff -i out/a.$ext -f s16le heard
        [ "$(stat -c %s heard)" -gt 190000 ] || fail "$ext: $(stat -c %s heard) bytes of sound"
        tail -c "$(stat -c %s heard)" whole | cmp - heard || fail "$ext: other sound"
    done
}

# FFmpeg tags each track with where it ends, MKVToolNix with how long it lasts.
test_matroska_with_late_sound_and_cues_behind_its_end_is_whole() {
    mkdir in
    printf '%s\n' 1 '00:00:01,000 --> 00:00:06,000' a '' >s.srt
    ff -f lavfi -i testsrc2=size=160x90:rate=25:duration=3 -itsoffset 0.3 -f lavfi -i sine=duration=3:r=48000 -i s.srt \
        -map 0 -map 1 -map 2 -c:v libx264 -preset ultrafast -c:a pcm_s16le -c:s copy in/a.mkv
    mkvmerge -q -o in/b.mkv in/a.mkv
    printf 'rushes: 1\nto: "${stem}.mkv"\nencode: {video: {codec: ffv1}}\n' >p.yaml
    expect_exit 0 rushes run p.yaml in -o out
    for file in in/a.mkv in/b.mkv; do
        expect_exit 0 rushes probe --json $file
        expect_json "$said/out" '.. | objects | select(has("audio_tracks")) | (.duration - 3.3 | fabs) < 0.05'
    done
}

# Sound that is over before the picture begins leaves an empty track.
test_sound_that_ends_before_the_picture_begins_is_told_of() {
    mkdir in
    ff -f lavfi -i testsrc2=size=160x90:rate=25:duration=2 -c:v libx264 -preset ultrafast p.mkv
    ff -itsoffset 1 -i p.mkv -f lavfi -i sine=duration=0.5 -c copy -c:a pcm_s16le -map 0 -map 1 in/a.mkv
    printf 'rushes: 1\noutputs:\n  o: {to: a.mkv, encode: {container: mkv, video: {codec: h264}}}\n' >p.yaml
    expect_exit 0 rushes run p.yaml in -o out
    printf 'rushes: 1\noutputs:\n  o: {to: a.mka, encode: {container: mka, audio: {codec: aac}}}\n' >p.yaml
    expect_exit 1 rushes run p.yaml in -o alone
    expect_said out 'it ends before the picture begins'
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  copied: {to: c.mka, encode: {audio: {codec: copy}}}
  wave: {to: w.wav}
Y
    expect_exit 1 rushes run p.yaml in -o empty
    expect_json empty/.rushes/last/report.json '[.outputs[] | select(.error.message | contains("it ends before the picture begins"))] | length == 2'
    printf 'rushes: 1\noutputs:\n  o: {to: a.mp4, encode: {fragment: 1s, video: {codec: h264}, audio: {codec: aac}}}\n' >p.yaml
    expect_exit 0 rushes run p.yaml in -o parts
}

test_positions_from_the_end_of_a_films_sound_count_with_added_silence() {
    mkdir in
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=64x48:rate=25:duration=2 -f lavfi -i sine=sample_rate=48000:duration=2 -c:v ffv1 -c:a pcm_s16le in/a.mkv
    pipeline <<'Y'
outputs: {o: {to: a.wav, steps: [silence: {head: 1s}, trim: {to: -0.5s}], expect: {duration: 2.5s}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
}

# At 25 fps the first picture from 0.5 s on is the 13th, of 0.52 s; sound without a picture is cut to the sample.
test_a_trim_is_told_by_the_frames_that_are_kept_also_of_sound_alone() {
    mkdir in
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=64x48:rate=25:duration=2 -f lavfi -i sine=sample_rate=48000:duration=2 -c:v ffv1 -c:a pcm_s16le in/a.mkv
    ffmpeg -nostdin -v error -i in/a.mkv -vn -c copy in/b.wav
    pipeline <<'Y'
outputs:
  film: {steps: [trim: {from: 0.5s, to: 1.2s}], to: "${stem}.mkv", encode: {video: ffv1}}
  sound: {steps: [trim: {from: 0.5s, to: 1.2s}], to: "${stem}.flac", encode: {audio: flac}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    jq -r '.outputs[] | .path + ": " + (.steps[] | select(startswith("trimmed")))' out/.rushes/last/report.json | sort >told
    printf '%s: trimmed to %s-1.200 s\n' a.flac 0.520 a.mkv 0.520 b.flac 0.500 | cmp - told || fail "$(cat told)"
}

# clicking PACE: half a minute of picture with a click each second, whose sound's times last PACE of its samples
clicking() {
    ff -f lavfi -i testsrc2=size=64x48:rate=25:duration=30 \
        -f lavfi -i "aevalsrc='if(between(mod(t,1),0.5,0.505),0.6*sin(12566*t),0)':s=48000:d=30" -c:v mpeg4 -g 25 -c:a aac av.mp4
    mkdir -p in
    mkvmerge -q -o in/a.mkv --sync "1:0,$1" av.mp4
}

# most_off FILE PACE: milliseconds that a click is from where it has to be, at most
most_off() {
    ff -i "$1" -map 0:a -ac 1 -ar 48000 -f s16le clicks.raw
    python3 - "$2" <<'P'
import array, fractions, sys
pace = float(fractions.Fraction(sys.argv[1]))
samples = array.array("h", open("clicks.raw", "rb").read())
found, at = [], 0
while at < len(samples):
    if abs(samples[at]) > 6000:
        found.append(at / 48)
        at += 24000
    at += 1
assert len(found) == 30, len(found)
print(round(max(abs(ms - (1000 * i + 500) * pace) for i, ms in enumerate(found))))
P
}

# Players follow the times.
in_sync_at() {
    clicking "$1"
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  film: {to: a.mov, encode: {video: {codec: h264}, audio: {codec: pcm_s16le}}}
  sound: {to: a.wav}
Y
    expect_exit 0 rushes run p.yaml in -o out
    for file in out/a.mov out/a.wav; do
        [ "$(most_off $file "$1")" -lt 20 ] || fail "$file: a click is $(most_off $file "$1") ms off"
    done
}

test_sound_of_a_slow_clock_is_in_sync() {
    in_sync_at 101/100
    expect_json out/.rushes/last/report.json '[.outputs[].steps[] | select(test("^sound kept in sync: .* longer"))] | length == 2'
}

test_sound_of_a_fast_clock_is_in_sync() {
    in_sync_at 99/100
    expect_json out/.rushes/last/report.json '[.outputs[].steps[] | select(test("^sound kept in sync: .* shorter"))] | length == 2'
}

test_sound_of_the_same_clock_is_not_resampled() {
    in_sync_at 1/1
    expect_json out/.rushes/last/report.json '[.outputs[].steps[] | select(contains("in sync"))] == []'
}

last_sound() { ffprobe -v error -select_streams a -show_entries packet=pts_time -of csv=p=0 "$1" | tail -n 1 | tr -d ,; }

test_copied_sound_of_another_clock_keeps_its_times() {
    for pace in 99/100 101/100; do
        clicking $pace
        pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  mkv: {to: a.mkv, encode: {video: {codec: copy}, audio: {codec: copy}}}
  mp4: {to: a.mp4, encode: {video: {codec: copy}, audio: {codec: copy}}}
Y
        rm -rf out
        expect_exit 0 rushes run p.yaml in -o out
        for file in out/a.mkv out/a.mp4; do
            awk -v a="$(last_sound in/a.mkv)" -v b="$(last_sound $file)" 'BEGIN { exit !(a - b < 0.03 && b - a < 0.03) }' ||
                fail "the sound of $file ends at $(last_sound $file), not at $(last_sound in/a.mkv)"
        done
        expect_json out/.rushes/last/report.json \
            '[.outputs[].steps[] | select(startswith("the times of the sound run apart from its samples"))] | length == 2'
    done
}

test_sound_of_another_clock_is_not_copied_where_there_are_no_times() {
    clicking 99/100
    ff -i av.mp4 -c:v copy -c:a pcm_s16le av.mov
    mkvmerge -q -o in/a.mkv --sync 1:0,99/100 av.mov
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs: {o: {to: a.mxf, encode: {video: {codec: mpeg2video}, audio: {codec: copy}}}}
Y
    expect_exit 1 rushes run p.yaml in -o out
    expect_error out a.mkv unsupported
    expect_said err 'a mxf file keeps no times: copied, it would be out of sync: encode it'
}

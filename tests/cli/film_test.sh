# Films of which only the sound is corrected (A20, A23): what else is in the file.
# Label: media

TINY=$FILES/tiny

ff() { ffmpeg -nostdin -v error -y "$@"; }

# The sound 3 dB softer, the rest as it is, in a container.
softer() {
    pipeline <<Y
inputs: {include: ["*"]}
steps: [gain: -3 dB]
outputs:
  o: {encode: {container: $1}, to: "\${stem}.$1"}
Y
    expect_exit 0 rushes run p.yaml in -o out
}

# shown FILE STREAMS ENTRIES: as ffprobe prints them, a stream a line
shown() { ffprobe -v error -select_streams "$2" -show_entries "$3" -of csv=p=0 "$1"; }

# expect_same STREAMS ENTRIES FILE FILE
expect_same() { [ "$(shown "$3" "$1" "$2")" = "$(shown "$4" "$1" "$2")" ] || fail "$1 $2 differ in $3 and $4"; }

frames_of() { ffprobe -v error -count_frames -select_streams v -show_entries stream=nb_read_frames -of csv=p=0 "$1"; }

# packets FILE STREAM: a hash of its packets
packets() { ffmpeg -nostdin -v error -i "$1" -map "0:$2" -c copy -f md5 -; }

test_A20_attachments_subtitles_and_chapters_go_along() {
    mkdir in
    printf '1\n00:00:00,100 --> 00:00:00,600\nWord\n' >words.srt
    printf ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=400\ntitle=One\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=400\nEND=1000\ntitle=Two\n' >chapters
    ff -i "$TINY/clip.mov" -i words.srt -i chapters -map 0:v -map 0:a -map 1 -map_chapters 2 -c copy -c:a flac -c:s srt \
        -metadata:s:s:0 language=fra -attach words.srt -metadata:s:t:0 mimetype=font/ttf -metadata:s:t:0 filename=a.ttf in/a.mkv
    softer mkv
    expect_same s stream=codec_name:stream_tags=language in/a.mkv out/a.mkv
    expect_same s packet=pts,size in/a.mkv out/a.mkv
    expect_same t stream_tags=filename,mimetype in/a.mkv out/a.mkv
    ffmpeg -nostdin -v error -y -dump_attachment:t:0 a.ttf -i out/a.mkv -f null - || true
    cmp a.ttf words.srt || fail "the attachment is another"
    [ "$(ffprobe -v error -show_chapters -of csv=p=0 out/a.mkv | wc -l)" = 2 ] || fail "chapters are lost"
}

test_A20_cover_of_an_mp4_stays() {
    mkdir in
    ff -i "$TINY/film.mp4" -i "$TINY/photo.jpg" -map 0 -map 1 -c copy -disposition:v:1 attached_pic in/a.mp4
    softer mp4
    [ "$(packets in/a.mp4 v:1)" = "$(packets out/a.mp4 v:1)" ] || fail "the cover is another"
    expect_same v stream_disposition=attached_pic in/a.mp4 out/a.mp4
    rm -r out
    softer mkv
    [ "$(packets in/a.mp4 v:1)" = "$(packets out/a.mkv v:1)" ] || fail "the cover is another in Matroska"
}

test_a_cover_is_told_as_dropped_where_the_index_comes_before_it() {
    mkdir in
    ff -f lavfi -i testsrc2=size=64x48:rate=25:duration=2 -f lavfi -i color=red:size=32x32:duration=0.04 -map 0 -map 1 \
        -c:v:0 libx264 -c:v:1 mjpeg -disposition:v:1 attached_pic in/a.mp4
    pipeline <<'Y'
outputs: {o: {to: "${stem}.mp4", encode: {fragment: 1s}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_said out "without attachment 1 (mjpeg)"
}

test_A20_turned_picture_stays_turned_or_is_made_upright() {
    mkdir in
    ff -i "$TINY/film.mp4" -c copy -metadata:s:v:0 rotate=90 in/a.mp4
    softer mp4
    expect_same v stream_side_data=rotation in/a.mp4 out/a.mp4
    [ "$(packets in/a.mp4 v)" = "$(packets out/a.mp4 v)" ] || fail "the picture has changed"
    rm -r out
    softer mkv
    [ "$(shown out/a.mkv v stream=width,height)" = 90,160 ] || fail "it lies on its side"
    sed -i 's/encode: {/encode: {video: {codec: copy}, /' p.yaml
    expect_exit 1 rushes run p.yaml in -o out
    expect_said err "has no place for how it is turned: name a codec"
}

test_A20_colours_are_told_as_they_were() {
    mkdir in
    ff -i "$TINY/film.mp4" -c:v libx264 -color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc -color_range tv \
        -c:a copy in/a.mp4
    local container
    for container in mp4 mov mkv; do
        rm -rf out
        softer $container
        expect_same v stream=color_range,color_space,color_transfer,color_primaries in/a.mp4 out/a.$container
    done
}

# The packets before the start of the edit list are needed, and not shown.
test_A20_clip_trimmed_without_decoding_shows_what_it_did() {
    mkdir in
    ff -f lavfi -i testsrc2=size=160x90:rate=25:duration=2 -f lavfi -i sine=duration=2 -c:v libx264 -bf 2 -g 50 \
        -c:a aac whole.mp4
    ff -ss 0.6 -i whole.mp4 -c copy in/a.mp4
    softer mp4
    expect_json out/.rushes/last/report.json '.outputs[0].steps | any(. == "picture copied unchanged")'
    expect_same v frame=pts in/a.mp4 out/a.mp4
    rm -r out
    softer mkv
    [ "$(frames_of out/a.mkv)" = "$(frames_of in/a.mp4)" ] || fail "$(frames_of out/a.mkv) frames"
    [ "$(shown out/a.mkv v stream=start_time)" = 0.000000 ] || fail "it starts at $(shown out/a.mkv v stream=start_time)"
}

test_A20_mpeg_2_in_mxf_stays_mpeg_2() {
    mkdir in
    ff -f lavfi -i testsrc2=size=1920x1080:rate=25:duration=0.4 -f lavfi -i sine=sample_rate=48000:duration=0.4 \
        -c:v mpeg2video -b:v 8M -g 12 -bf 2 -pix_fmt yuv422p -profile:v 0 -level:v 2 -c:a pcm_s24le in/a.mxf
    softer mxf
    [ "$(packets in/a.mxf v)" = "$(packets out/a.mxf v)" ] || fail "the picture has changed"
    expect_same v packet=pts,dts in/a.mxf out/a.mxf
}

# ITU-T H.262, 6.2.3.1: top_field_first is the first bit of the fourth byte of a picture coding extension, and 0 where a
# picture is coded as two fields, as some of D-10 (IMX) are: the last one's here.
test_mpeg_2_in_mxf_says_which_field_of_its_first_picture_comes_first() {
    mkdir in
    ff -f lavfi -i testsrc2=size=720x576:rate=25:duration=0.2 -f lavfi -i sine=sample_rate=48000:duration=0.2 \
        -c:v mpeg2video -flags +ilme+ildct -top 1 -g 1 -q:v 3 -pix_fmt yuv422p -c:a pcm_s16le in/a.mov
    local last byte
    last=$(LC_ALL=C grep -obUaP '\x00\x00\x01\xb5[\x80-\x8f]' in/a.mov | tail -n 1 | cut -d : -f 1)
    byte=$(od -An -tu1 -j $((last + 7)) -N 1 in/a.mov)
    [ $((byte)) -ge 128 ] || fail "the top field isn't the first"
    printf "\\$(printf %o $((byte & 127)))" | dd of=in/a.mov bs=1 seek=$((last + 7)) conv=notrunc status=none
    softer mxf
    [ "$(shown out/a.mxf v stream=field_order | tr -d ,)" = tt ] || fail "the header says $(shown out/a.mxf v stream=field_order)"
}

test_A23_only_the_default_track_is_measured_and_changed() {
    mkdir in
    ff -i "$TINY/clip.mov" -f lavfi -i sine=frequency=1000:duration=1 -map 0 -map 1 -c copy -c:a:1 aac \
        -metadata:s:a:0 language=eng -metadata:s:a:1 language=deu in/a.mp4
    pipeline <<'Y'
inputs: {include: ["*"]}
steps: [loudness: -30 LUFS]
outputs:
  o: {encode: {container: mp4}, to: "${stem}.mp4"}
Y
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(packets in/a.mp4 a:0)" != "$(packets out/a.mp4 a:0)" ] || fail "the first track is unchanged"
    [ "$(packets in/a.mp4 a:1)" = "$(packets out/a.mp4 a:1)" ] || fail "the second track has changed"
    expect_same a stream=codec_name,sample_rate,channels,start_time:stream_tags=language:stream_disposition=default in/a.mp4 out/a.mp4
    expect_json out/.rushes/last/report.json '.outputs[0].steps | any(. == "sound track 2 (deu, aac) copied unchanged")'
}

test_A23_tracks_one_keeps_one() {
    mkdir in
    ff -i "$TINY/clip.mov" -map 0:v -map 0:a -map 0:a -c copy in/a.mov
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  o: {encode: {container: mov, audio: {tracks: one}}, to: "${stem}.mov"}
Y
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(shown out/a.mov a stream=index | wc -l)" = 1 ] || fail "$(shown out/a.mov a stream=index | wc -l) tracks"
    expect_json out/.rushes/last/report.json '.outputs[0].lost | any(startswith("sound track 2"))'
    sed -i 's/one/two/' p.yaml
    expect_exit 2 rushes run p.yaml in -o out
    expect_said err "auto, all, one"
}

# ST 356: 32 rows of blanking above 576 of picture, and 4:3 is the picture's shape.
test_blanking_above_a_d10_picture_goes_and_4_3_stays() {
    mkdir in
    ff -f lavfi -i color=white:size=720x576:rate=25:duration=0.2 -vf "pad=720:608:0:32:black,setdar=4/3" \
        -pix_fmt yuv422p -c:v mpeg2video -qscale 2 in/a.mov
    ff -f lavfi -i color=white:size=720x576:rate=25:duration=0.2 -c:v mpeg2video in/b.mov
    pipeline <<'Y'
steps: [crop: {vbi: true}]
encode: {video: {codec: ffv1}}
to: "${stem}.mkv"
Y
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(shown out/a.mkv v stream=height,sample_aspect_ratio)" = 576,16:15 ] || fail "$(shown out/a.mkv v stream)"
    [ "$(shown out/b.mkv v stream=height)" = 576 ] || fail "what has no blanking is cropped"
    ff -i out/a.mkv -frames:v 1 -vf crop=720:2:0:0 -pix_fmt gray -f rawvideo - | od -An -tu1 -v | tr -s ' ' '\n' | sort -n | sed -n 2p >darkest
    [ "$(cat darkest)" -gt 200 ] || fail "a row of blanking is left: $(cat darkest)"
}

test_a_crop_with_a_place_and_no_box_is_refused() {
    pipeline <<'Y'
steps: [crop: {place: left}]
encode: {video: {codec: ffv1}}
to: "${stem}.mkv"
Y
    expect_exit 2 rushes lint p.yaml
    expect_said err "crop: no box is given"
}

test_an_opacity_that_looks_like_a_share_is_told() {
    printf 'rushes: 1\nsteps: [overlay: {image: a.png, opacity: 0.5}]\nto: "${stem}.png"\n' >p.yaml
    touch a.png
    expect_exit 0 rushes lint p.yaml
    expect_said err "opacity is a percentage: 0.5% is hardly seen"
}

# What is written with the same counting is told by lint; the rest by the run, which knows the rate.
test_a_span_of_nothing_is_refused() {
    local span
    for span in 'trim: {from: 3s, to: 2s}' 'trim: {from: -2s, to: -2s}' 'trim: {to: 0f}' \
        'text: {text: a, from: 50%, to: 25%}' 'overlay: {image: a.png, from: 12f, to: 12f}'; do
        printf 'rushes: 1\nsteps: [%s]\nto: "${stem}.mkv"\n' "$span" >p.yaml
        expect_exit 2 rushes lint p.yaml
        expect_said err "${span%%:*}: nothing lies between"
    done
    printf 'rushes: 1\nsteps: [trim: {length: 0s}]\nto: "${stem}.mkv"\n' >p.yaml
    expect_exit 2 rushes lint p.yaml
    for span in 'trim: {from: -3s, to: -2s}' 'trim: {from: 3s, to: 2f}' 'trim: {to: -0s}'; do
        printf 'rushes: 1\nsteps: [%s]\nto: "${stem}.mkv"\n' "$span" >p.yaml
        expect_exit 0 rushes lint p.yaml
    done
    mkdir footage
    ffmpeg -v error -f lavfi -i testsrc2=r=25:d=2:s=64x64 -c:v ffv1 footage/a.mkv
    pipeline <<'Y'
steps: [text: {text: a, from: 1s, to: 20f}]
encode: {video: {codec: ffv1}}
to: "${stem}.mkv"
Y
    expect_exit 1 rushes run p.yaml footage -o out
    expect_said out "text is never seen: it begins at 1.000 s and ends at 0.800 s"
}

test_a_still_at_the_end_is_the_last_frame_and_says_when_that_is() {
    mkdir in
    ff -f lavfi -i testsrc2=size=64x48:rate=25:duration=1 -c:v ffv1 in/a.mkv
    pipeline <<'Y'
outputs: {o: {to: "${stem}.png", steps: [still: 100%]}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[0].steps | any(. == "still taken at 0.960 s")'
}

test_a_proxy_is_as_large_whatever_the_chroma_of_its_source() {
    mkdir in
    for chroma in 420 422 444; do
        ff -f lavfi -i testsrc2=size=320x180:rate=25:duration=0.2 -pix_fmt yuv${chroma}p -c:v ffv1 in/$chroma.mkv
    done
    expect_exit 0 rushes run proxy-quarter in -o out
    for chroma in 420 422 444; do
        [ "$(shown out/$chroma.mov v stream=width,height)" = 80,46 ] || fail "$chroma: $(shown out/$chroma.mov v stream=width,height)"
    done
}

# 4:2:2 has no odd widths; its heights are any, though 4:2:0 comes.
test_no_more_is_cut_off_an_odd_size_than_is_told() {
    mkdir in
    ff -f lavfi -i testsrc2=size=120x90:rate=25:duration=0.2 -vf format=yuv444p,crop=101:77,format=yuv420p -c:v ffv1 in/a.mkv
    pipeline <<'Y'
outputs: {o: {to: "${stem}.mov", encode: {video: {codec: prores}}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[0].steps | any(startswith("101x77 cut to 100x77"))'
    [ "$(shown out/a.mov v stream=width,height)" = 100,77 ] || fail "$(shown out/a.mov v stream=width,height)"
}

test_an_odd_size_stays_where_it_is_asked_for_or_kept() {
    mkdir in
    ff -f lavfi -i testsrc2=size=120x90:rate=25:duration=0.2 -vf format=yuv444p,crop=101:77 -c:v ffv1 in/a.mkv
    pipeline <<'Y'
outputs:
  kept: {to: "${stem}_kept.mkv", steps: [resize: {width: 1920, height: 1080}], encode: {video: ffv1}}
  asked: {to: "${stem}_asked.mkv", steps: [resize: {width: 51, height: 39, fit: stretch}], encode: {video: ffv1}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(shown out/a_kept.mkv v stream=width,height)" = 101,77 ] || fail "kept: $(shown out/a_kept.mkv v stream=width,height)"
    [ "$(shown out/a_asked.mkv v stream=width,height)" = 51,39 ] || fail "asked: $(shown out/a_asked.mkv v stream=width,height)"
}

# Matroska's milliseconds are half a frame of these and more.
test_600_frames_a_second_of_mkv_are_all_in_the_mov() {
    mkdir in
    for count in 28 29 30; do ff -f lavfi -i testsrc2=size=64x48:rate=600 -frames:v $count -c:v ffv1 in/$count.mkv; done
    pipeline <<'Y'
to: "${stem}.mov"
encode: {video: {codec: prores, profile: proxy}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    for count in 28 29 30; do
        [ "$(frames_of out/$count.mov)" = $count ] || fail "$(frames_of out/$count.mov) frames of $count"
    done
}

# 53 pixels across would be half a sample of its chroma.
test_a_video_laid_over_full_chroma_is_of_whole_samples_of_its_own() {
    mkdir in
    ff -f lavfi -i testsrc2=size=161x121:rate=25:duration=0.2 -pix_fmt yuv444p -c:v ffv1 in/a.mkv
    ff -f lavfi -i testsrc2=size=160x120:rate=25:duration=0.2 -pix_fmt yuv420p -c:v ffv1 over.mkv
    pipeline <<'Y'
inputs: {include: ["*"]}
steps: [overlay: {video: over.mkv, width: 53}]
outputs: {o: {to: "${stem}.mkv", encode: {video: {codec: ffv1}}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
}

# hashes_of FILE FILTER
hashes_of() { ff -i "$1" -map 0:v -vf "$2" -f framemd5 - | grep -v '^#' | cut -d, -f6; }

# Containers without an index are looked through for a time, and what stands there is no key picture.
test_a_trim_far_from_a_key_picture_begins_with_the_picture_that_was_asked_for() {
    local file
    mkdir in
    ff -f lavfi -i testsrc2=size=160x90:rate=25:duration=10 -f lavfi -i sine=duration=10 -c:v ffv1 -c:a pcm_s16le all.mkv
    ff -i all.mkv -c:v libx265 -preset ultrafast -x265-params keyint=250:log-level=error -c:a mp2 in/hevc.ts
    ff -i all.mkv -c:v libx264 -preset ultrafast -x264-params intra-refresh=1:keyint=75 -c:a mp2 in/refresh.ts
    ff -i all.mkv -c:v libx264 -preset ultrafast -x264-params intra-refresh=1:keyint=75 -c:a mp2 in/refresh.mp4
    ff -i all.mkv -c:v mpeg2video -g 250 -bf 2 -c:a mp2 in/mpeg2.mpg
    ff -i all.mkv -c:v libx264 -preset ultrafast -g 50 -bf 2 -c:a mp2 in/h264.avi
    ff -i all.mkv -an -c:v mpeg2video -g 12 -bf 2 in/mpeg2.m2v
    pipeline <<'Y'
outputs:
  film: {steps: [trim: {from: 6s, to: 7s}], encode: {video: {codec: ffv1}}, to: "${name}.mkv"}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs | all(.facts.audio_start // 0 | fabs < 0.03)'
    for file in in/*; do
        hashes_of "out/${file#in/}.mkv" null >got
        hashes_of "$file" trim=start_frame=150:end_frame=175 >asked
        cmp got asked || fail "other pictures of $file"
    done
}

test_a_still_of_a_film_that_does_not_say_its_length_is_of_its_moment() {
    mkdir in
    ff -f lavfi -i testsrc2=size=160x90:rate=25:duration=4 -c:v libx264 -preset ultrafast -f matroska -live 1 in/live.mkv
    ff -i in/live.mkv -c copy in/whole.mkv
    pipeline <<'Y'
outputs:
  still: {steps: [still: 3s], to: "${stem}.png"}
  behind: {steps: [still: 6s], to: "${stem}-behind.png"}
Y
    expect_exit 1 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '[.outputs[] | select(.output == "behind" and .input == "live.mkv") | .error.class, .error.message] ==
        ["config", "still: 6.000 s lies behind the end of the picture, which is 4.000 s"]'
    cmp out/live.png out/whole.png || fail "another picture"
}

# tail_of FILE: what a recorder has of it that was started late
tail_of() { dd if="$1" bs=188 skip=$(($(stat -c %s "$1") / 188 / 3)) status=none; }

test_a_recording_that_begins_in_the_midst_of_a_group_of_pictures_begins_with_the_next_one() {
    mkdir in
    ff -f lavfi -i testsrc2=size=320x180:rate=25:duration=8 -c:v ffv1 all.mkv
    ff -i all.mkv -c:v libx265 -preset ultrafast -x265-params keyint=150:open-gop=1:log-level=error hevc.ts
    ff -i all.mkv -c:v libx264 -preset ultrafast -g 150 h264.ts
    tail_of hevc.ts >in/hevc.ts
    tail_of h264.ts >in/h264.ts
    pipeline <<'Y'
outputs:
  film: {encode: {video: {codec: ffv1}}, to: "${stem}.mkv"}
Y
    expect_exit 0 rushes run p.yaml in -o out
    for stem in hevc h264; do
        [ "$(hashes_of "out/$stem.mkv" null | wc -l)" = 50 ] || fail "$stem: other pictures"
        cmp <(hashes_of "out/$stem.mkv" null) <(hashes_of $stem.ts trim=start_frame=150) || fail "$stem: other pictures"
    done
    expect_json out/.rushes/last/report.json '.outputs | all(.steps | any(test("^the first [1-5].[0-9]+ s of the picture can.t be decoded")))'
    sed -i 's/ffv1/copy/' p.yaml
    rushes run p.yaml in -o copied >copied.log 2>&1 || true
    cmp <(hashes_of copied/hevc.mkv null) <(hashes_of hevc.ts trim=start_frame=150) || fail "copied: other pictures"
}

# Of a packet of sound that begins before the place that is sought, there may be a piece.
test_a_trim_of_a_program_stream_is_not_taken_for_damage() {
    mkdir in
    ff -f lavfi -i testsrc2=size=160x120:rate=25:duration=12 -f lavfi -i sine=duration=12 -c:v mpeg2video -g 12 -c:a mp2 in/a.mpg
    pipeline <<'Y'
outputs:
  film: {steps: [trim: {from: 9.6s, to: 9.8s}], encode: {audio: {codec: flac}}, to: film.mkv}
Y
    expect_exit 0 rushes run p.yaml in -o out
}

test_a_still_among_the_steps_of_a_job_is_that_of_each_output() {
    mkdir in
    ff -f lavfi -i testsrc2=size=160x90:rate=25:duration=2 -c:v ffv1 in/a.mkv
    pipeline <<'Y'
steps: [still: 1s]
outputs:
  whole: {to: whole.png}
  small: {steps: [resize: {width: 80}], to: small.png}
Y
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(shown out/whole.png v stream=width) $(shown out/small.png v stream=width)" = "160 80" ] || fail "other sizes"
}

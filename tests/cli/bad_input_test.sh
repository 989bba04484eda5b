# Damaged and hostile input: what is good is delivered, what is bad is classified, nothing is left
# over, sources stay as they were.
# Label: media

TINY=$FILES/tiny

# One output a file, whatever it is; ${name} keeps them apart.
any_pipeline() {
    pipeline <<'Y'
jobs:
  clips:
    inputs: {include: ["**/*.{mov,mp4,mkv}"]}
    outputs:
      o: {encode: {container: mov, video: {codec: h264, options: {preset: ultrafast}}, audio: {codec: aac}}, to: "${name}.mov"}
  sound:
    inputs: {include: ["**/*.{wav,flac,ogg}"]}
    outputs:
      o: {encode: {container: wav, audio: {codec: pcm_s16le}}, to: "${name}.wav"}
  stills:
    inputs: {include: ["**/*.{jpg,png,tif,svg}"]}
    outputs:
      o: {encode: {image: {format: jpeg}}, to: "${name}.jpg"}
Y
}

# render_bad CLASS: in/ holds good.png and bad files; all of them fail as CLASS (a pattern)
render_bad() {
    local classes=$1 class count=0 before after
    cp "$TINY/still.png" in/good.png
    any_pipeline
    before=$(fingerprint in)
    expect_exit 1 rushes run p.yaml in -o out
    after=$(fingerprint in)
    [ "$before" = "$after" ] || fail "a source was changed"
    [ "$(published out)" = ./good.png.jpg ] || fail "published: $(published out)"
    expect_nothing_left_over out
    while read -r class; do
        count=$((count + 1))
        [[ " $classes " == *" $class "* ]] || fail "classified '$class', expected one of: $classes"
    done < <(jq -r '.outputs[] | select(.input != "good.png") | .error.class' out/.rushes/last/report.json)
    [ "$count" = "$(find in -mindepth 1 ! -name good.png ! -path '*/.*' | wc -l)" ] || fail "$count outputs failed"
}

# cut FILE PERCENT NAME: its beginning
cut_file() {
    local size
    size=$(stat -c %s "$TINY/$1")
    head -c $((size * $2 / 100)) "$TINY/$1" >"in/$3"
}

cut_at() {
    mkdir in
    local file
    for file in clip.mov film.mp4 reel.mkv tone.wav tone.flac tone.ogg photo.jpg still.png scan.tif; do
        cut_file "$file" "$1" "bad-$file"
    done
    render_bad "input_damaged unsupported"
}

test_files_cut_at_10_percent_are_damaged() { cut_at 10; }
test_files_cut_at_50_percent_are_damaged() { cut_at 50; }
test_files_cut_at_90_percent_are_damaged() { cut_at 90; }

# Its directory is at its end: the reader doesn't know what is left of it.
test_tiff_cut_short_is_damaged() {
    mkdir in
    cut_file scan.tif 90 a.tif
    render_bad input_damaged
}

# patch FILE OFFSET BYTES
patch() { printf '%b' "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none; }

# A damaged frame of MP3, and later a header with another sample rate.
test_rate_that_changes_after_damage_is_damage() {
    mkdir in
    local at ext
    ffmpeg -nostdin -v error -f lavfi -i sine=duration=1:sample_rate=44100 -c:a libmp3lame -b:a 128k in/a.mp4
    mapfile -t at < <(ffprobe -v error -show_entries packet=pos -of csv=p=0 in/a.mp4 | tr -d ,)
    patch in/a.mp4 "$((at[10] + 4))" '\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f'
    patch in/a.mp4 "$((at[30] + 2))" '\x94'
    for ext in wav mp3; do
        pipeline <<Y
outputs: {o: {encode: {container: $ext, audio: {sample_rate: 22050}}}}
Y
        expect_exit 1 rushes run p.yaml in -o out
        expect_error out a.mp4 input_damaged
    done
}

# libav passes over a page whose checksum is wrong.
test_sound_with_a_damaged_page_is_damaged() {
    mkdir in
    cp "$TINY/tone.ogg" in/bad.ogg
    printf '\xa5\x5a\xa5\x5a' | dd of=in/bad.ogg bs=1 conv=notrunc status=none \
        seek=$(($(stat -c %s in/bad.ogg) / 2))
    render_bad input_damaged
    rm in/bad.ogg
    cp "$TINY/tone.ogg" in/whole.ogg
    expect_exit 0 rushes run p.yaml in -o out
    expect_file out/whole.ogg.wav
}

test_sound_with_a_lost_page_is_damaged() {
    mkdir in
    local page
    page=$(LC_ALL=C grep -abo OggS "$TINY/tone.ogg" | tail -n 3 | cut -d: -f1 | tr '\n' ' ')
    read -r from to _ <<<"$page"
    { head -c "$from" "$TINY/tone.ogg"; tail -c +$((to + 1)) "$TINY/tone.ogg"; } >in/bad.ogg
    render_bad input_damaged
}

test_picture_that_does_not_begin_with_a_key_frame_is_damaged() {
    mkdir in
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=160x90:rate=25:duration=2 -c:v libx264 \
        -preset ultrafast -g 25 -bsf:v 'noise=drop=eq(n\,0)' in/bad.mov
    render_bad input_damaged
}

test_empty_files_are_damaged() {
    mkdir in
    touch in/a.mov in/b.wav in/c.jpg in/d.mkv in/e.flac in/f.tif in/g.png
    render_bad input_damaged
}

test_text_named_as_media_is_classified() {
    mkdir in
    local ext
    for ext in mp4 mov mkv wav flac jpg png tif; do
        echo "to be, or not to be, that is the question" >"in/a.$ext"
    done
    render_bad "unsupported input_damaged"
}

test_zeros_named_as_media_are_classified() {
    mkdir in
    local ext
    for ext in mp4 mkv wav flac jpg png tif; do
        head -c 65536 /dev/zero >"in/a.$ext"
    done
    render_bad "unsupported input_damaged"
}

test_folder_named_as_a_clip_is_classified() {
    mkdir -p in/x.mov
    render_bad input_damaged
}

test_fifo_is_classified_and_never_waited_for() {
    mkdir in
    mkfifo in/x.mov
    render_bad input_damaged
}

test_dangling_symlink_is_classified() {
    mkdir in
    ln -s nowhere in/x.mov
    render_bad input_damaged
}

# Root reads everything: the run is somebody else's then.
test_unreadable_file_is_classified() {
    mkdir in
    cp "$TINY/still.png" in/good.png
    cp "$TINY/clip.mov" in/x.mov
    chmod 0 in/x.mov
    any_pipeline
    local as=()
    if [ "$(id -u)" = 0 ]; then
        as=(setpriv --reuid=65534 --regid=65534 --clear-groups env "XDG_CACHE_HOME=$home/cache")
        chmod -R a+rwX "$home"
        chmod 0 in/x.mov
        "${as[@]}" test -x "$RUSHES" -a -r p.yaml || skip "another user can't run the program here"
    fi
    expect_exit 1 "${as[@]}" "$RUSHES" run p.yaml in -o out
    [ "$(published out)" = ./good.png.jpg ] || fail "published: $(published out)"
    expect_error out x.mov input_damaged
    expect_nothing_left_over out
}

test_loop_of_folders_ends() {
    mkdir -p in/a
    ln -s .. in/a/up
    cp "$TINY/still.png" in/good.png
    any_pipeline
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(published out)" = ./good.png.jpg ] || fail "published: $(published out)"
}

test_wrong_extension_renders_by_content() {
    mkdir in
    cp "$TINY/reel.mkv" in/a.mov
    cp "$TINY/photo.jpg" in/b.png
    cp "$TINY/tone.flac" in/c.wav
    any_pipeline
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(published out | wc -l)" = 3 ] || fail "published: $(published out)"
}

# good_name NAME: a still, a sound and a film of this name are delivered
good_name() {
    mkdir in
    cp "$TINY/still.png" "in/$1.png"
    cp "$TINY/tone.wav" "in/$1.wav"
    cp "$TINY/clip.mov" "in/$1.mov"
    any_pipeline
    expect_exit 0 rushes run p.yaml in -o out
    local ext
    for ext in png.jpg wav.wav mov.mov; do
        [ "$(find out -name "*.$ext" -printf x)" = x ] || fail "no .$ext: $(published out)"
    done
    expect_nothing_left_over out
    expect_json out/.rushes/last/report.json '.totals.done == 3'
    xmllint --noout out/.rushes/last/junit.xml || fail "junit.xml is not XML"
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.totals.up_to_date == 3'
}

test_name_with_spaces_is_delivered() { good_name "a take, the 2nd"; }
test_name_with_a_leading_dash_is_delivered() { good_name "-i"; }
test_name_with_a_sequence_pattern_is_delivered() { good_name "take%03d"; }
test_name_with_a_colon_is_delivered() { good_name "concat:a|b"; }
test_name_with_brackets_is_delivered() { good_name "take[1-3]{a,b}*?"; }
test_name_with_quotes_is_delivered() { good_name "o'clock\"\\"; }
test_name_with_a_dollar_is_delivered() { good_name 'a${stem}$x'; }
test_name_of_markup_is_delivered() { good_name '<b>&amp;'; }
test_name_of_letters_beyond_ascii_is_delivered() { good_name "夜の仕事 ünï"; }
test_name_that_is_not_utf_8_is_delivered() { good_name $'gr\xfcn'; }

test_name_with_a_newline_never_stops_the_others() {
    mkdir in
    cp "$TINY/still.png" $'in/a\nb.png'
    cp "$TINY/still.png" in/good.png
    any_pipeline
    expect_exit 1 rushes run p.yaml in -o out
    [ "$(published out)" = ./good.png.jpg ] || fail "published: $(published out)"
    expect_nothing_left_over out
    expect_json out/.rushes/last/report.json '.outputs | any(.error.class == "unsupported")'
    expect_exit 1 rushes run jpeg-web in -o preset
    expect_file preset/good.jpg
}

test_damaged_file_without_the_facts_of_its_template_never_stops_the_others() {
    mkdir in
    cp "$TINY/still.png" in/good.png
    echo text >in/bad.png
    any_pipeline
    sed -i 's|"${name}.jpg"|"${width}/${name}.jpg"|' p.yaml
    expect_exit 1 rushes run p.yaml in -o out
    expect_file out/640/good.png.jpg
}

test_name_of_255_bytes_is_classified_when_its_output_is_longer() {
    mkdir in
    local long
    long=$(printf 'x%.0s' $(seq 251))
    cp "$TINY/still.png" "in/$long.png"
    cp "$TINY/still.png" in/good.png
    any_pipeline
    local code=0
    rushes run p.yaml in -o out >"$said/out" 2>"$said/err" || code=$?
    [ "$code" = 1 ] || [ "$code" = 5 ] || fail "exit $code"
    [ "$(published out)" = ./good.png.jpg ] || fail "published: $(published out)"
    expect_nothing_left_over out
}

test_name_of_255_bytes_is_delivered_under_its_own_length() {
    mkdir in
    local long
    long=$(printf 'x%.0s' $(seq 251))
    cp "$TINY/still.png" "in/$long.png"
    any_pipeline
    sed -i 's/"${name}.jpg"/"${stem}.jpg"/' p.yaml
    expect_exit 0 rushes run p.yaml in -o out
    expect_file "out/$long.jpg"
    expect_nothing_left_over out
}

test_word_with_a_leading_dash_is_a_file_after_two_dashes() {
    cp "$TINY/still.png" -- -x.png
    any_pipeline
    expect_exit 0 rushes run p.yaml -o out -- -x.png
    expect_file out/-x.png.jpg
}

test_damaged_allow_renders_a_cut_source() {
    mkdir in
    cut_file reel.mkv 60 cut.mkv
    any_pipeline
    sed -i 's/^  clips:/&\n    damaged: allow/' p.yaml
    expect_exit 0 rushes run p.yaml in -o out
    expect_file out/cut.mkv.mov
}

test_damaged_input_gives_way_to_its_repaired_copy() {
    mkdir in
    cut_file reel.mkv 60 a.mkv
    any_pipeline
    expect_exit 1 rushes run p.yaml in -o out
    cp "$TINY/reel.mkv" in/a.mkv
    expect_exit 0 rushes run p.yaml in -o out
    expect_file out/a.mkv.mov
}

# A file that asks to read another: the other's words must not be in what is made of it.
secret() {
    mkdir in
    echo "TOP SECRET" >secret.txt
}

# Decodes nothing of what it names; fails, or makes something that was not read from it.
expect_nothing_read() {
    cp "$TINY/still.png" in/good.png
    any_pipeline
    local code=0
    rushes run p.yaml in -o out >"$said/out" 2>"$said/err" || code=$?
    [ "$code" -le 1 ] || fail "exit $code"
    expect_file out/good.png.jpg
    expect_nothing_left_over out
    if grep -rqa "TOP SECRET" out; then fail "the secret is in out/"; fi
}

test_playlist_named_as_a_clip_reads_no_other_file() {
    secret
    local name
    for name in a.mp4 b.mov c.mkv; do
        printf '#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile://%s/secret.txt\n#EXT-X-ENDLIST\n' "$PWD" >"in/$name"
    done
    expect_nothing_read
    expect_no_file out/a.mp4.mov
}

test_playlist_of_a_good_clip_is_not_followed() {
    secret
    cp "$TINY/clip.mov" .
    printf '#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile://%s/clip.mov\n#EXT-X-ENDLIST\n' "$PWD" >in/a.mp4
    printf "ffconcat version 1.0\nfile '%s/clip.mov'\n" "$PWD" >in/b.mp4
    expect_nothing_read
    expect_no_file out/a.mp4.mov
    expect_no_file out/b.mp4.mov
}

test_reference_movie_reads_no_other_file() {
    secret
    printf 'RIFF....' >in/a.mov
    printf '[reference]\nRef1=file://%s/secret.txt\n' "$PWD" >in/b.mov
    expect_nothing_read
}

test_svg_with_an_external_entity_reads_no_other_file() {
    secret
    cat >in/xxe.svg <<S
<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file://$PWD/secret.txt">]>
<svg xmlns="http://www.w3.org/2000/svg" width="100" height="20"><title>&x;</title><text y="15">&x;</text></svg>
S
    cp in/xxe.svg in/named.png
    expect_nothing_read
    expect_no_file out/named.png.jpg
}

test_still_that_is_a_script_is_not_run() {
    secret
    printf 'push graphic-context\nviewbox 0 0 64 48\nimage over 0,0 0,0 "label:@%s/secret.txt"\npop graphic-context\n' "$PWD" >in/mvg.jpg
    expect_nothing_read
    expect_no_file out/mvg.jpg.jpg
}

test_pipeline_of_a_billion_laughs_exits_2() {
    {
        echo "rushes: 1"
        echo "a: &a [x,x,x,x,x,x,x,x,x]"
        local letter last=a
        for letter in b c d e f g h i; do
            echo "$letter: &$letter [*$last,*$last,*$last,*$last,*$last,*$last,*$last,*$last,*$last]"
            last=$letter
        done
    } >p.yaml
    expect_exit 2 rushes lint p.yaml
}

test_output_outside_its_folder_exits_2() {
    mkdir in
    cp "$TINY/still.png" in
    any_pipeline
    sed -i 's|"${name}.jpg"|"../${name}.jpg"|' p.yaml
    expect_exit 2 rushes run p.yaml in -o out
    expect_no_file still.png.jpg
}

test_output_folder_that_is_the_input_keeps_the_sources() {
    mkdir in
    cp "$TINY/photo.jpg" in/a.jpg
    local before
    before=$(fingerprint in)
    pipeline <<'Y'
inputs: {include: ["*.jpg"]}
outputs:
  o: {encode: {image: {format: jpeg, quality: 10}}, to: "${stem}.jpg"}
Y
    local code=0
    rushes run p.yaml in -o in --on-exists overwrite >"$said/out" 2>"$said/err" || code=$?
    [ "$code" != 0 ] || fail "it rendered over its source"
    [ "$before" = "$(fingerprint in | grep -v /.rushes/)" ] || fail "the source was changed"
}

# Two recordings of different rates behind one another: a copy can't be wholer.
test_copy_of_a_damaged_source_blames_the_source() {
    mkdir in
    ff() { ffmpeg -nostdin -v error -y -f lavfi -i sine=d=1 "$@"; }
    ff -ar 44100 a.mp3
    ff -ar 48000 b.mp3
    cat a.mp3 b.mp3 >in/j.mp3
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  o: {encode: {container: mp3, audio: {codec: copy}}, to: "${stem}.mp3"}
Y
    expect_exit 1 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[0].error | .class == "input_damaged" and (.message | contains("copied unchanged"))'
}

test_every_file_below_is_no_folder() {
    mkdir -p in/reel
    cp "$FILES/tiny/clip.mov" in/reel/
    pipeline <<'Y'
inputs: {include: ["**/*"]}
outputs: {o: {preset: jpeg-web, steps: [still: {at: 0s}]}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.totals.done == 1 and .totals.failed == 0'
}

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

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

# mkvmerge counts its packets; of an element that it doesn't know libavformat says nothing.
film_of_mkvmerge() {
    mkdir in
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=64x48:rate=25:duration=2 -f lavfi -i sine=duration=2:r=48000 \
        -c:v mpeg4 -g 1 -c:a pcm_s16le av.mov
    mkvmerge -q -o a.mkv av.mov
}

# passed_over TRACK STREAM: 10 of its 50 blocks
passed_over() {
    film_of_mkvmerge
    python3 "$SOURCE/tests/cli/void_blocks.py" a.mkv "$1" 20 10 >in/a.mkv
    any_pipeline
    expect_exit 1 rushes run p.yaml in -o out
    expect_error out a.mkv input_damaged
    expect_json out/.rushes/last/report.json \
        ".outputs[0].error.message | startswith(\"stream $2 has 40 of the 50 packets that its tags count\")"
}

test_matroska_whose_pictures_are_passed_over_is_damaged() { passed_over 1 0; }
test_matroska_whose_sound_is_passed_over_is_damaged() { passed_over 2 1; }

test_damaged_allow_renders_a_matroska_whose_pictures_are_passed_over() {
    film_of_mkvmerge
    python3 "$SOURCE/tests/cli/void_blocks.py" a.mkv 1 20 10 >in/a.mkv
    any_pipeline
    sed -i 's/^  clips:/&\n    damaged: allow/' p.yaml
    expect_exit 0 rushes run p.yaml in -o out
    expect_file out/a.mkv.mov
}

# FFmpeg copies the tags, but not all that they count.
test_counts_of_another_matroska_are_no_damage() {
    film_of_mkvmerge
    ffmpeg -nostdin -v error -i a.mkv -c copy -t 1 in/a.mkv
    [ "$(ffprobe -v error -show_entries stream_tags=NUMBER_OF_FRAMES in/a.mkv | grep -c =50)" = 2 ] || fail "no counts were copied"
    any_pipeline
    expect_exit 0 rushes run p.yaml in -o out
    expect_exit 0 rushes probe --json in/a.mkv
    expect_json "$said/out" '.[0].frames == 25'
}

# Laced, compressed, or parsed again by libavformat.
test_as_many_packets_are_read_as_mkvmerge_counts() {
    mkdir in
    printf '1\n00:00:00,100 --> 00:00:01,000\none\n\n2\n00:00:01,000 --> 00:00:02,000\ntwo\n' >a.srt
    ffmpeg -nostdin -v error -i a.srt a.ass
    ffmpeg -nostdin -v error -i a.srt a.vtt
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=64x48:rate=25:duration=3 -f lavfi -i sine=duration=3:r=48000 \
        -map 0 -c:v libx264 -bf 3 v.mp4 -map 0 -c:v mpeg2video -bf 2 v.mpg -map 1 -c:a libmp3lame a.mp3 -map 1 -c:a ac3 a.ac3 \
        -map 1 -c:a aac a.m4a -map 1 -c:a libopus a.opus -map 1 -c:a flac a.flac -map 1 -ac 2 -strict -2 -c:a truehd a.thd
    mkvmerge -q -o in/a.mkv v.mp4 a.mp3 a.ac3 a.m4a a.opus a.flac a.thd a.srt a.ass a.vtt
    mkvmerge -q -o in/b.mkv --compression -1:zlib v.mpg --compression -1:zlib a.mp3
    any_pipeline
    expect_exit 0 rushes run p.yaml in -o out
    expect_exit 0 rushes probe --json in/a.mkv
    expect_json "$said/out" '.[0].frames == 75'
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

# Its last samples decode to something else: a copy is no wholer.
test_copy_of_a_damaged_source_blames_the_source() {
    mkdir in
    ffmpeg -nostdin -v error -y -f lavfi -i sine=d=2 in/j.mp3
    dd if=/dev/zero of=in/j.mp3 bs=1 seek=8000 count=1500 conv=notrunc status=none
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  o: {encode: {container: mp3, audio: {codec: copy}}, to: "${stem}.mp3"}
Y
    expect_exit 1 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[0].error | .class == "input_damaged" and (.message | contains("copied unchanged"))'
}

test_copied_sound_that_becomes_another_names_a_codec_that_the_file_holds() {
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
    expect_json out/.rushes/last/report.json '.outputs[0].error | .class == "config" and (.message | contains("mp3, 48000 Hz") and contains("codec: mp3"))'
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

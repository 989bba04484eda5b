# Pictures that are coded as two fields are pictures.
# Label: media

make_fields() { python3 "$SOURCE/tests/cli/field_pictures.py" "$@"; }
# Of H.264: each field a packet, as FFmpeg writes them, in containers that know times, and that don't.
h264_sources() {
    mkdir in
    make_fields reordered reordered.h264
    make_fields h264 bare.h264
    mkvmerge -q -o in/a.mkv reordered.h264
    mkvmerge -q -o bare.mkv bare.h264
    ffmpeg -nostdin -v error -i bare.mkv -c copy in/b.mp4
    ffmpeg -nostdin -v error -i bare.mkv -c copy in/c.ts
}
# Of the darkest row of each picture
levels() {
    ffmpeg -nostdin -v error -i "$1" -fps_mode passthrough -vf signalstats,metadata=print:key=lavfi.signalstats.YMIN:file=- -f null - |
        sed -n 's/.*YMIN=//p' | paste -sd' '
}
stream_of() { ffprobe -v error -select_streams v -count_packets -show_entries "stream=$2" -of csv=p=0 "$1" | head -n 1; }

test_a_picture_of_two_fields_counts_once() {
    h264_sources
    for file in in/*; do
        rushes probe --json "$file" >facts
        expect_json facts '.. | objects | select(has("field_order")) | .fps == 25 and .field_order == "tt" and .vfr == false'
    done
}

test_both_fields_of_a_picture_are_copied_as_one() {
    h264_sources
    pipeline <<'Y'
outputs:
  k: {encode: {container: mkv, video: copy, audio: none}, to: "${stem}.mkv"}
  m: {encode: {container: mp4, video: copy, audio: none}, to: "${stem}.mp4"}
Y
    expect_exit 0 rushes run p.yaml in -o out
    for file in out/*.m*; do
        [ "$(stream_of "$file" nb_read_packets,avg_frame_rate)" = 25/1,24 ] || fail "$file: $(stream_of "$file" nb_read_packets,avg_frame_rate)"
        [ "$(levels "$file")" = "$(seq -s' ' 32 4 124)" ] || fail "$file: $(levels "$file")"
    done
}

test_pictures_of_two_fields_are_trimmed_by_their_number() {
    h264_sources
    pipeline <<'Y'
steps: [trim: {from: 5f, to: 9f}]
outputs:
  k: {encode: {container: mov, video: prores, audio: none}, to: "${stem}.mov"}
Y
    expect_exit 0 rushes run p.yaml in -o out
    for file in out/*.mov; do
        [ "$(stream_of "$file" nb_read_packets,avg_frame_rate)" = 25/1,4 ] || fail "$file: $(stream_of "$file" nb_read_packets,avg_frame_rate)"
    done
}

# Of the top field of picture 4, or the bottom one, and both are gone then
lost_sources() {
    mkdir in
    for field in 8 9; do
        make_fields lost $field bare.h264
        mkvmerge -q -o in/$field.mkv bare.h264
        ffmpeg -nostdin -v error -i in/$field.mkv -c copy in/${field}p.mp4
        ffmpeg -nostdin -v error -i in/$field.mkv -c copy in/${field}t.ts
    done
}

test_a_field_that_lost_its_other_one_leaves_the_rate_that_of_pictures() {
    lost_sources
    for file in in/*; do
        rushes probe --json "$file" >facts
        expect_json facts '.. | objects | select(has("field_order")) | .fps == 25'
    done
}

test_a_lost_field_is_damage() {
    lost_sources
    pipeline <<'Y'
outputs:
  k: {encode: {container: mkv, video: copy, audio: none}, to: "${stem}.mkv"}
Y
    expect_exit 1 rushes run p.yaml in -o out
    [ "$(grep -c "^failed (input_damaged)" "$said/out")" = 6 ] || fail "not each is damaged"
}

test_copies_of_what_lost_a_field_have_the_other_pictures() {
    lost_sources
    pipeline <<'Y'
damaged: allow
outputs:
  k: {encode: {container: mkv, video: copy, audio: none}, to: "${stem}.mkv"}
  m: {encode: {container: mp4, video: copy, audio: none}, to: "${stem}.mp4"}
Y
    expect_exit 0 rushes run p.yaml in -o out
    for file in out/*.m*; do
        [ "$(levels "$file")" = "$(seq -s' ' 32 4 44) $(seq -s' ' 52 4 124)" ] || fail "$file: $(levels "$file")"
    done
}

test_the_first_field_of_mpeg_2_stays_first_where_it_is_copied() {
    ffmpeg -nostdin -v error -f lavfi -i testsrc=s=64x32:r=50:d=0.4 -g 1 -c:v mpeg2video -q:v 2 half.m2v
    make_fields mpeg2 half.m2v bare.m2v
    mkdir in
    mkvmerge -q -o in/a.mkv bare.m2v
    ffmpeg -nostdin -v error -i in/a.mkv -c copy in/b.ts
    pipeline <<'Y'
outputs:
  k: {encode: {container: mkv, video: copy, audio: none}, to: "${stem}.mkv"}
  v: {encode: {container: mov, video: copy, audio: none}, to: "${stem}.mov"}
Y
    expect_exit 0 rushes run p.yaml in -o out
    for file in out/*.m*; do
        [ "$(mediainfo --Inform='Video;%ScanOrder%' "$file")" = TFF ] || fail "$file: $(mediainfo --Inform='Video;%ScanOrder%' "$file")"
    done
}

test_fields_of_a_set_that_comes_later_are_none_that_are_lost() {
    mkdir in
    make_fields sets bare.h264
    ffmpeg -nostdin -v error -r 50 -i bare.h264 -c copy in/a.ts
    pipeline <<'Y'
outputs: {k: {to: a.mkv, encode: {video: ffv1, audio: none}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(levels out/a.mkv)" = "$(seq -s' ' 32 4 124)" ] || fail "$(levels out/a.mkv)"
}

# Ladders to stream: rungs that are outputs, cut into one folder.
# Label: media

ladder() {
    mkdir -p in
    ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=size=128x96:rate=25:duration=2.6 -f lavfi -i sine=440:r=48000:d=2.6 \
        -c:v ffv1 -c:a pcm_s16le in/a.mkv
    pipeline <<'Y'
vars: {key: 1s}
outputs:
  top: {to: "r/${stem}_t.mp4", encode: {video: {codec: h264, pix_fmt: yuv420p, keyint: "${key}", options: {sc_threshold: 0}}, audio: aac}}
  low: {steps: [resize: {height: 48}], to: "r/${stem}_l.mp4", encode: {video: {codec: h264, pix_fmt: yuv420p, keyint: 1s, options: {sc_threshold: 0}}, audio: aac}}
  hls: {from: [top, low], to: "hls/${stem}/master.m3u8", encode: {segment: 1s}}
  dash: {from: [top, low], to: "dash/${stem}/manifest.mpd", encode: {segment: 1s}}
Y
}

# What is held back for B pictures isn't added to when they are shown; priming of AAC is 1024 samples.
test_picture_and_sound_of_a_package_begin_together() {
    ladder
    sed -i 's/, pix_fmt: yuv420p/, pix_fmt: yuv420p, b_frames: 2/' p.yaml
    expect_exit 0 rushes run p.yaml in -o out
    for list in hls/a/master.m3u8 dash/a/manifest.mpd; do
        [ "$(probe -select_streams v:0 -show_entries stream=has_b_frames,start_time -of csv=p=0 "$PWD/out/$list" | sort -u | tail -1)" = 2,0.000000 ] ||
            fail "the picture of $list begins: $(probe -select_streams v -show_entries stream=has_b_frames,start_time -of csv=p=0 "$PWD/out/$list")"
        [ "$(probe -select_streams a:0 -show_entries stream=start_time -of csv=p=0 "$PWD/out/$list" | sort -u | tail -1)" = -0.021333 ] ||
            fail "the sound of $list begins elsewhere"
    done
}

probe() { ffprobe -v error "$@"; }

# Read by libavformat's own demuxers, and each file by itself.
test_a_ladder_plays_and_each_segment_begins_with_a_key_at_the_same_time() {
    ladder
    expect_exit 0 rushes run p.yaml in -o out
    expect_nothing_left_over out
    [ "$(grep -o '"pair"><img class="before"' out/.rushes/last/report.html | wc -l)" = 4 ] || fail "an output has no picture"
    for list in hls/a/master.m3u8 dash/a/manifest.mpd; do
        for rung in v:0 v:1; do
            [ "$(probe -select_streams $rung -count_packets -show_entries stream=nb_read_packets -of csv=p=0 "$PWD/out/$list" | sort -u | tail -1)" = 65 ] ||
                fail "$rung of $list hasn't all pictures"
        done
    done
    for number in 00001 00002 00003; do
        for rung in v96 v48; do
            cat out/hls/a/${rung}_init.mp4 out/hls/a/${rung}_$number.m4s >one.mp4
            probe -select_streams v -show_entries packet=dts_time,flags -of csv=p=0 one.mp4 | sed -n 1p >$rung
            grep -q K $rung || fail "segment $number of $rung begins with no key picture"
        done
        cmp -s v96 v48 || fail "segment $number begins at other times: $(cat v96 v48)"
    done
    expect_json out/.rushes/last/report.json '[.outputs[] | select(.output == "hls")][0].facts | .container == "hls" and .frames == 65 and .channels == 1 and .width == 128'
}

# RFC 8216, 4.3.4.2: BANDWIDTH is no less than what any segment, with its sound, takes.
test_playlist_tells_codecs_sizes_and_the_highest_rate() {
    ladder
    expect_exit 0 rushes run p.yaml in -o out
    cd out/hls/a
    grep -q '^#EXT-X-STREAM-INF:.*CODECS="avc1.6400[0-9a-f][0-9a-f],mp4a.40.2",RESOLUTION=128x96,FRAME-RATE=25.000,AUDIO="sound"$' master.m3u8 ||
        fail "another master: $(cat master.m3u8)"
    [ "$(sed -n 's/^#EXTINF:\(.*\),/\1/p' v96.m3u8 | tr '\n' ' ')" = "1.000000 1.000000 0.600000 " ] || fail "other lengths: $(cat v96.m3u8)"
    [ "$(sed -n 's/^#EXT-X-TARGETDURATION://p' v96.m3u8)" = 1 ] || fail "another target duration"
    local told
    told=$(sed -n 's/.*INF:BANDWIDTH=\([0-9]*\),.*128x96.*/\1/p' master.m3u8)
    [ "$told" -ge $((8 * $(stat -c %s v96_00001.m4s))) ] || fail "$told is less than the first segment takes"
}

test_second_run_does_nothing_and_another_ladder_makes_both_folders_again() {
    ladder
    expect_exit 0 rushes run p.yaml in -o out
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs | all(.status == "up_to_date")'
    sed -i 's/height: 48/height: 40/; s/master.m3u8/index.m3u8/' p.yaml
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '[.outputs[] | select(.status == "done") | .output] | sort == ["dash", "hls", "low"]'
    expect_no_file out/hls/a/master.m3u8
    expect_no_file out/hls/a/v48_init.mp4
    expect_nothing_left_over out
}

test_a_rung_without_keys_where_segments_begin_is_named() {
    ladder
    expect_exit 1 rushes run p.yaml in -o out --set key=2s
    expect_json out/.rushes/last/report.json '[.outputs[] | select(.output == "hls")][0].error | .class == "config" and (.message | startswith("a_t.mp4 has no key picture at 1.000 s"))'
    expect_no_file out/hls/a
}

# An I picture of an open group is no IDR: pictures shown before it refer to the group before (ITU-T H.264, D.2.8).
test_a_rung_of_open_groups_is_refused() {
    ladder
    sed -i '/top:/s/sc_threshold: 0/sc_threshold: 0, flags: "-cgop", x264-params: "open-gop=1"/' p.yaml
    expect_exit 1 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '[.outputs[] | select(.output == "hls")][0].error | .class == "config" and (.message | contains("closed groups"))'
}

test_a_rung_that_is_not_made_of_a_clip_is_left_out() {
    ladder
    sed -i 's/  low: {/  low: {when: height > 200, /' p.yaml
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(grep -c STREAM-INF out/hls/a/master.m3u8)" = 1 ] || fail "other rungs: $(cat out/hls/a/master.m3u8)"
}

test_the_next_rung_stands_for_a_first_that_is_not_made() {
    ladder
    sed -i 's/  top: {/  top: {when: height > 200, /' p.yaml
    expect_exit 0 rushes run p.yaml in -o out
    for list in hls/a/master.m3u8 dash/a/manifest.mpd; do
        grep -q v48 out/$list && ! grep -q v96 out/$list || fail "other rungs: $(cat out/$list)"
    done
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs | length == 3 and all(.status == "up_to_date")'
}

# A rung with two languages, the second of which is the one to play, and what a package has no place for.
spoken() {
    mkdir -p in
    printf ';FFMETADATA1\ntitle=Spoken\n[CHAPTER]\nTIMEBASE=1/1\nSTART=0\nEND=1\ntitle=one\n[CHAPTER]\nTIMEBASE=1/1\nSTART=1\nEND=2\ntitle=two\n' >about
    ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=size=64x48:rate=25:duration=2 -f lavfi -i sine=440:r=48000:d=2 -i about -map_metadata 2 -map 0 -map 1 -map 1 -map 1 \
        -c:v ffv1 -c:a pcm_s16le -metadata:s:a:0 language=eng -metadata:s:a:1 language=ger \
        -metadata:s:a:2 language=eng -disposition:a 0 -disposition:a:1 default -timecode 10:00:00:00 in/a.mkv
    pipeline <<'Y'
outputs:
  top: {to: "r/${stem}.mp4", encode: {video: {codec: h264, pix_fmt: yuv420p, keyint: 1s, options: {sc_threshold: 0}}, audio: {codec: aac, tracks: all}}}
  hls: {from: [top], to: "hls/${stem}/master.m3u8", encode: {segment: 1s}, keep: languages}
  dash: {from: [top], to: "dash/${stem}/manifest.mpd", encode: {segment: 1s}, keep: [languages, tracks]}
Y
}

# RFC 8216, 4.3.4.1: a name of its own for each of a group, at most one default, and what is chosen by language is distinct.
test_all_sounds_of_the_rung_are_there_with_their_languages() {
    spoken
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(sed -n 's/^#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",//p' out/hls/a/master.m3u8)" = "\
NAME=\"de\",LANGUAGE=\"de\",DEFAULT=YES,AUTOSELECT=YES,CHANNELS=\"1\",URI=\"sound.m3u8\"
NAME=\"en\",LANGUAGE=\"en\",DEFAULT=NO,AUTOSELECT=YES,CHANNELS=\"1\",URI=\"sound-2.m3u8\"
NAME=\"en 2\",LANGUAGE=\"en\",DEFAULT=NO,AUTOSELECT=NO,CHANNELS=\"1\",URI=\"sound-3.m3u8\"" ] || fail "other sounds: $(cat out/hls/a/master.m3u8)"
    [ "$(sed -n 's/.*contentType="audio" lang="\(..\)".*/\1/p' out/dash/a/manifest.mpd | tr '\n' ' ')" = "de en en " ] ||
        fail "other languages: $(cat out/dash/a/manifest.mpd)"
    [ "$(grep -c 'role:2011" value="main"' out/dash/a/manifest.mpd)" = 1 ] || fail "no sound is the main one"
    for list in hls/a/master.m3u8 dash/a/manifest.mpd; do
        [ "$(probe -select_streams a -count_packets -show_entries stream=nb_read_packets -of csv=p=0 "$PWD/out/$list" | grep -c '^9[0-9]')" -ge 3 ] ||
            fail "the sounds of $list can't be played"
    done
    [ "$(probe -show_entries stream_tags=language -of csv=p=0 out/hls/a/sound-2_init.mp4)" = eng ] || fail "the file has another language than the list"
    for name in hls dash; do
        expect_json out/.rushes/last/report.json "[.outputs[] | select(.output == \"$name\")][0] |
            (.checks | all(.pass)) and (.facts.languages == [\"deu\", \"eng\", \"eng\"]) and ([.carried[] | select(.keep == \"tracks\" and .fate == \"copied\")] | length == 4)"
    done
}

# RFC 8216, 4.3.4.1, and ISO/IEC 23009-1, 5.3.3.2: languages are RFC 5646's tags. Of Matroska's codes one may have a country.
test_languages_of_sounds_have_their_region() {
    spoken
    ffmpeg -nostdin -v error -y -i in/a.mkv -map 0 -c copy -metadata:s:a:1 language=por-br -metadata:s:a:2 language=por b.mkv
    mv b.mkv in/a.mkv
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(grep -o 'NAME="[^"]*",LANGUAGE="[^"]*"' out/hls/a/master.m3u8 | tr '\n' ' ')" = \
        'NAME="pt-BR",LANGUAGE="pt-BR" NAME="en",LANGUAGE="en" NAME="pt",LANGUAGE="pt" ' ] || fail "other languages: $(cat out/hls/a/master.m3u8)"
    [ "$(sed -n 's/.*contentType="audio" lang="\([^"]*\)".*/\1/p' out/dash/a/manifest.mpd | tr '\n' ' ')" = "pt-BR en pt " ] ||
        fail "other languages: $(cat out/dash/a/manifest.mpd)"
    expect_json out/.rushes/last/report.json '[.outputs[] | select(.output != "top")] |
        all((.checks | all(.pass)) and .facts.languages == ["pt-BR", "eng", "por"])'
}

test_what_a_package_has_no_place_for_is_told_and_refused_where_it_must_be_kept() {
    spoken
    expect_exit 0 rushes run p.yaml in -o out
    for name in hls dash; do
        expect_json out/.rushes/last/report.json "[.outputs[] | select(.output == \"$name\")][0].carried |
            [.[] | select(.fate == \"dropped\" and .why == \"$name output keeps none\")] | map(\"\(.what) \(.before)\") == [\"timecode 10:00:00:00\", \"chapters 2\"]"
        expect_said out "$name/a: without"
    done
    sed -i 's/keep: languages/keep: [chapters, timecode]/' p.yaml
    expect_exit 3 rushes run p.yaml in -o out
    expect_status out hls/a out_of_spec
    expect_json out/.rushes/last/report.json '[.outputs[] | select(.output == "hls")][0].checks | map(.name) == ["keep timecode", "keep chapters"] and all(.pass | not)'
    expect_status out dash/a up_to_date
}

# The same with one sound and two tracks of text.
written() {
    spoken
    printf '1\n00:00:00,500 --> 00:00:01,000\nHello\n\n2\n00:00:01,250 --> 00:00:01,750\n<i>Both</i>\nlines\n' >en.srt
    sed 's/Hello/Salut/' en.srt >fr.srt
    ffmpeg -nostdin -v error -y -i in/a.mkv -i en.srt -i fr.srt -map 0:v -map 0:a:1 -map 1 -map 2 -map_chapters 0 -c copy -metadata:s:s:0 language=eng -metadata:s:s:1 language=fre b.mkv
    mv b.mkv in/a.mkv
    sed -i 's/keep: languages/keep: [subtitles, languages]/; s/keep: .languages, tracks./keep: [subtitles, languages]/' p.yaml
}

# RFC 8216, 3.5 and 6.2.4: one segment of WebVTT may be as long as the programme.
test_text_subtitles_are_there_as_webvtt_with_their_languages() {
    written
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(sed -n 's/^#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="text",//p' out/hls/a/master.m3u8)" = "\
NAME=\"en\",LANGUAGE=\"en\",DEFAULT=NO,AUTOSELECT=YES,URI=\"text.m3u8\"
NAME=\"fr\",LANGUAGE=\"fr\",DEFAULT=NO,AUTOSELECT=YES,URI=\"text-2.m3u8\"" ] || fail "other subtitles: $(cat out/hls/a/master.m3u8)"
    grep -q '^#EXT-X-STREAM-INF:.*,AUDIO="sound",SUBTITLES="text"$' out/hls/a/master.m3u8 || fail "the rung has no subtitles: $(cat out/hls/a/master.m3u8)"
    [ "$(sed -n '/^#EXTINF/,$p' out/hls/a/text-2.m3u8 | tr '\n' ' ')" = "#EXTINF:2.000000, text-2_00001.vtt #EXT-X-ENDLIST " ] || fail "another list: $(cat out/hls/a/text-2.m3u8)"
    [ "$(cat out/dash/a/text-2_00001.vtt)" = "WEBVTT

00:00.500 --> 00:01.000
Salut

00:01.250 --> 00:01.750
<i>Both</i>
lines" ] || fail "other cues: $(cat out/dash/a/text-2_00001.vtt)"
    cmp -s out/dash/a/text-2_00001.vtt out/hls/a/text-2_00001.vtt || fail "HLS has other cues"
    [ "$(probe -allowed_extensions ALL -select_streams s -show_entries stream=codec_name:stream_tags=language -of csv=p=0 "$PWD/out/dash/a/manifest.mpd" | grep , | tr '\n' ' ')" = "webvtt,en webvtt,fr " ] ||
        fail "other subtitles: $(cat out/dash/a/manifest.mpd)"
    for name in hls dash; do
        expect_json out/.rushes/last/report.json "[.outputs[] | select(.output == \"$name\")][0] | (.checks | all(.pass)) and .facts.subtitle_languages == [\"eng\", \"fra\"] and
            ([.carried[] | select(.keep == \"subtitles\") | \"\(.fate) \(.after)\"] | unique == [\"converted webvtt\"])"
    done
}

# Apple's HLS Authoring Specification has words for those who don't see or hear, and none for a commentary; ISO/IEC 23009-1 has all.
test_what_a_track_is_for_is_said_as_far_as_the_list_has_a_word() {
    written
    ffmpeg -nostdin -v error -y -i in/a.mkv -map 0:v -map 0:a -map 0:a -map 0:a -map 0:s -map_metadata:g -1 -c copy -disposition:a:1 visual_impaired -disposition:a:2 comment \
        -disposition:s:0 forced -disposition:s:1 hearing_impaired b.mkv
    mv b.mkv in/a.mkv
    sed -i 's/keep: .*/keep: tags}/' p.yaml
    expect_exit 3 rushes run p.yaml in -o out
    expect_status out dash/a done
    [ "$(grep -o 'role:2011" value="[^"]*' out/dash/a/manifest.mpd | sed 's/.*"//' | tr '\n' ' ')" = "main alternate description alternate commentary subtitle forced-subtitle subtitle caption " ] ||
        fail "other roles: $(cat out/dash/a/manifest.mpd)"
    expect_json out/.rushes/last/report.json '[.outputs[] | select(.output == "hls")][0] | .status == "out_of_spec" and ([.carried[] | select(.fate == "dropped" and (.what | startswith("role"))) | .why] == ["hls has no mark for comment"])'
    sed -i '/hls:/s/keep: tags/keep: []/' p.yaml
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(sed -n 's/^#EXT-X-MEDIA.*AUTOSELECT=\([A-Z]*\),\(.*\)\(CHANNELS\|URI\)=.*/\1 \2/p' out/hls/a/master.m3u8)" = "\
YES CHANNELS=\"1\",
YES CHARACTERISTICS=\"public.accessibility.describes-video\",CHANNELS=\"1\",
NO CHANNELS=\"1\",
YES FORCED=YES,
YES CHARACTERISTICS=\"public.accessibility.transcribes-spoken-dialog,public.accessibility.describes-music-and-sound\"," ] ||
        fail "other marks: $(cat out/hls/a/master.m3u8)"
}

test_a_turned_picture_and_a_cover_are_told() {
    mkdir in
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=64x48:rate=25:duration=2 -c:v libx264 -pix_fmt yuv420p -g 25 -sc_threshold 0 flat.mp4
    ffmpeg -nostdin -v error -i flat.mp4 -frames:v 1 cover.png
    ffmpeg -nostdin -v error -i flat.mp4 -i cover.png -map 0 -map 1 -c copy -metadata:s:v:0 rotate=90 -disposition:v:1 attached_pic in/a.mp4
    pipeline <<'Y'
outputs:
  top: {to: "r/${stem}.mp4", encode: {video: {codec: copy}}}
  hls: {from: [top], to: "hls/${stem}/master.m3u8", encode: {segment: 1s}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '[.outputs[] | select(.output == "hls")][0].carried | map(select(.fate == "dropped") | .what) == ["attachment 1 (png)", "how the picture is turned"]'
}

test_an_empty_track_of_subtitles_is_no_track_and_its_loss_is_told() {
    written
    printf '1\n00:00:05,000 --> 00:00:06,000\nlate\n' >late.srt
    ffmpeg -nostdin -v error -y -i in/a.mkv -i late.srt -map 0:v -map 0:a -map 1 -c copy -t 2 b.mkv
    mv b.mkv in/a.mkv
    sed -i '/hls:/s/, keep.*/}/' p.yaml
    expect_exit 3 rushes run p.yaml in -o out
    expect_status out dash/a out_of_spec
    expect_json out/.rushes/last/report.json '[.outputs[] | select(.output == "hls")][0].carried | any(.keep == "subtitles" and .why == "there is nothing in it")'
    ! grep -q SUBTITLES out/hls/a/master.m3u8 || fail "there are subtitles: $(cat out/hls/a/master.m3u8)"
    expect_no_file out/hls/a/text_00001.vtt
}

# A copied one may be of any kind; of the sound that is played by default that is an error.
test_a_further_sound_that_cannot_be_packed_is_left_out_and_told() {
    spoken
    ffmpeg -nostdin -v error -y -i in/a.mkv -map 0:v -map 0:a:0 -map 0:a:1 -c:v libx264 -g 25 -sc_threshold 0 -bf 0 -pix_fmt yuv420p -c:a aac -c:a:1 libmp3lame -disposition:a 0 -disposition:a:0 default b.mkv
    mv b.mkv in/a.mkv
    sed -i 's/codec: aac, tracks: all/codec: copy, tracks: all/; s/keep: languages/keep: []/' p.yaml
    expect_exit 3 rushes run p.yaml in -o out
    [ "$(grep -c TYPE=AUDIO out/hls/a/master.m3u8)" = 1 ] || fail "other sounds: $(cat out/hls/a/master.m3u8)"
    expect_json out/.rushes/last/report.json '[.outputs[] | select(.output == "hls")][0].carried | any(.fate == "dropped" and .why == "hls output: of sound only AAC is packed")'
    expect_json out/.rushes/last/report.json '[.outputs[] | select(.output == "dash")][0].checks | map({(.name): .pass}) | add == {"keep languages": false, "keep tracks": false}'
}

test_mistakes_are_said_in_words() {
    pipeline <<'Y'
outputs:
  top: {to: "${stem}_t.mp4"}
  a: {to: "hls/${stem}/master.m3u8"}
  b: {from: [top], to: "master.m3u8"}
  c: {from: [top, low], to: "c/${stem}/master.m3u8"}
  d: {from: [top], to: "d/${stem}/master.m3u8", encode: {video: {crf: 20}}}
  e: {from: [top, a], to: "${stem}_e.mp4"}
Y
    expect_exit 2 rushes lint p.yaml
    expect_said err "made of other outputs, its rungs, and \`from\` names none"
    expect_said err "needs a folder of its own"
    expect_said err 'has no output "low"'
    expect_said err "has no video of its own"
    expect_said err "only HLS and DASH are made of several outputs"
}

# The sheet and its track are one output: one folder, one decision whether it is up to date.
test_thumbnails_come_with_the_track_that_names_them() {
    mkdir in
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=64x36:rate=25:duration=1.4 -c:v ffv1 "in/a 1.mkv"
    pipeline <<'Y'
outputs:
  thumbs: {steps: [sprite: {every: 500ms, width: 32, columns: 2}], to: "thumbs/${stem}/${stem}.vtt"}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_nothing_left_over out
    [ "$(ls out/thumbs/a\ 1 | tr '\n' '|')" = "a 1.jpg|a 1.vtt|" ] || fail "other files: $(ls out/thumbs/*)"
    [ "$(grep -c . "out/thumbs/a 1/a 1.vtt")" = 7 ] || fail "another track: $(cat out/thumbs/*/*.vtt)"
    grep -q '^a%201.jpg#xywh=0,18,32,18$' "out/thumbs/a 1/a 1.vtt" || fail "the third isn't below the first"
    [ "$(probe -show_entries stream=width,height -of csv=p=0 "out/thumbs/a 1/a 1.jpg")" = 64,36 ] || fail "another sheet"
    expect_json out/.rushes/last/report.json '.outputs[0].facts | .container == "thumbnails" and .width == 64'
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[0].status == "up_to_date"'
    rm "out/thumbs/a 1/a 1.jpg"
    expect_exit 1 rushes run p.yaml in -o out
    expect_exit 0 rushes run p.yaml in -o out --on-exists overwrite
    expect_json out/.rushes/last/report.json '.outputs[0].status == "done"'
    pipeline <<'Y'
outputs:
  loud: {steps: [sprite: 1s], to: "LOUD/${stem}.VTT"}
Y
    expect_exit 0 rushes run p.yaml in -o loud
}

test_a_track_of_thumbnails_needs_a_sprite_and_a_folder() {
    pipeline <<'Y'
outputs:
  a: {steps: [still: 1s], encode: {container: thumbnails}, to: "a/${stem}.vtt"}
  b: {steps: [sprite: 2s], to: "${stem}.vtt"}
Y
    expect_exit 2 rushes lint p.yaml
    expect_said err 'the last step of "a" is none'
    expect_said err 'need a folder of their own'
}

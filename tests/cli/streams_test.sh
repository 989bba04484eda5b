# What becomes of streams and metadata: the table of preservation, `keep`, subtitles, timecode.
# The numbers in names are the traps of the acceptance list. What is made is read by ffprobe alone.
# Label: media

TINY=$FILES/tiny
REPORT=out/.rushes/last/report.json

ff() { ffmpeg -nostdin -v error -y "$@"; }
shown() { ffprobe -v error -select_streams "$2" -show_entries "$3" -of csv=p=0 "$1"; }
tag() { ffprobe -v error -show_entries "$2" -of csv=p=0 "$1"; }
expect() { [ "$1" = "$2" ] || fail "$3: $1, expected $2"; }

# film FILE SECONDS RATE OPTIONS…: a picture alone
film() { ff -f lavfi -i "testsrc2=size=256x144:rate=$3:duration=$2" -c:v libx264 -preset ultrafast "${@:4}" "$1"; }

cues() {
    printf '1\n00:00:00,500 --> 00:00:01,500\nOne\n\n2\n00:00:02,000 --> 00:00:03,000\nTwo\n\n3\n00:00:03,500 --> 00:00:04,000\n<i>Three</i>\n' >words.srt
}

# fate WHAT-BEGINS: of a row of the first output
fate() { jq -r --arg what "$1" '[.outputs[0].carried[] | select(.what | startswith($what)) | .fate] | join(" ")' "$REPORT"; }

run() { expect_exit "${1:-0}" rushes run p.yaml in -o out; }

test_19_timecode_follows_a_trim_in_frames() {
    mkdir in
    film in/a.mov 3 30000/1001 -timecode '00:59:59;28'
    local container
    for container in mov mp4 mkv mxf; do
        rm -rf out
        pipeline <<Y
inputs: {include: ["*"]}
steps: [trim: {from: 30f}]
outputs:
  o: {to: "\${stem}.$container", keep: timecode}
Y
        [ $container = mxf ] && sed -i 's/keep:/encode: {video: {codec: dnxhd, profile: dnxhr_lb}}, keep:/' p.yaml
        run
        expect_json $REPORT '.outputs[0].facts.timecode == "01:00:00;28"'
        expect "$(fate timecode)" changed "timecode in $container"
    done
}

test_a_timecode_track_is_dropped_with_its_timecode() {
    mkdir in
    film in/a.mov 1 25 -timecode '10:00:00:12'
    pipeline <<'Y'
outputs:
  g: {to: "${stem}.gif", encode: {container: gif, video: {codec: gif}}, steps: [resize: {width: 32}]}
Y
    rushes run p.yaml in -o out >said 2>&1 || true
    expect_json $REPORT '[.outputs[] | select(.path == "a.gif") | .carried[] | select(.keep == "timecode") | .fate] | unique == ["dropped"]'
}

test_19_timecode_is_counted_at_another_rate() {
    mkdir in
    film in/a.mov 1 25 -timecode '10:00:00:12'
    film in/b.mov 1 30000/1001 -timecode '23:59:59;15'
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  double: {when: fps == 25, steps: [fps: 50], to: a.mov}
  ntsc: {when: fps > 29, steps: [fps: 59.94, trim: {from: 30f}], to: b.mov}
Y
    run
    expect "$(shown out/a.mov v stream_tags=timecode)" 10:00:00:24 "25 to 50"
    expect "$(shown out/b.mov v stream_tags=timecode)" '00:00:00;00' "a day is over"
}

test_19_drop_frames_at_25_are_read_without_and_said() {
    mkdir in
    film in/a.mkv 1 25 -metadata 'timecode=10:00:00;12'
    pipeline <<'Y'
inputs: {include: ["*"]}
steps: [trim: {from: 5f}]
outputs:
  o: {to: "${stem}.mov"}
Y
    run
    expect "$(shown out/a.mov v stream_tags=timecode)" 10:00:00:17 timecode
    expect_json $REPORT '.outputs[0].steps | any(startswith("timecode 10:00:00;12: there are no drop frames at 25 fps"))'
}

# chapters_of FILE
chapters_of() { ffprobe -v error -show_entries chapter=start_time,end_time:chapter_tags=title -of csv=p=0 "$1" | tr '\n' ' '; }

# QuickTime's have no holes: what stands there has no name.
test_chapters_of_mp4_and_mov_begin_when_they_did() {
    mkdir in
    printf ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=1000\nEND=2000\ntitle=One\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=2500\nEND=3000\n' >chapters
    ff -f lavfi -i testsrc2=size=64x48:rate=25:duration=4 -f lavfi -i sine=duration=4 -i chapters -map 0 -map 1 -c:v libx264 -c:a flac in/a.mkv
    pipeline <<'Y'
outputs:
  mp4: {to: a.mp4, keep: chapters}
  mov: {to: a.mov, keep: chapters}
  m4a: {to: a.m4a, keep: chapters}
  mkv: {to: a.mkv, keep: chapters}
Y
    run
    for name in a.mp4 a.mov a.m4a; do
        expect "$(chapters_of out/$name)" '0.000000,1.000000, 1.000000,2.000000,One 2.000000,2.500000, 2.500000,3.000000, ' $name
    done
    expect "$(chapters_of out/a.mkv)" '1.000000,2.000000,One 2.500000,3.000000 ' a.mkv
}

# atom FROM TO NAMES CHILDREN, of Matroska's chapters
atom() { echo "<ChapterAtom><ChapterTimeStart>00:00:0$1.0</ChapterTimeStart><ChapterTimeEnd>00:00:0$2.0</ChapterTimeEnd>$3${4-}</ChapterAtom>"; }
name() { echo "<ChapterDisplay><ChapterString>$1</ChapterString><ChapterLanguage>$2</ChapterLanguage></ChapterDisplay>"; }

test_chapters_of_matroska_that_are_not_read_are_told() {
    mkdir in
    ff -f lavfi -i testsrc2=size=64x48:rate=25:duration=4 -c:v libx264 film.mkv
    {
        echo '<?xml version="1.0"?><Chapters><EditionEntry><EditionFlagOrdered>1</EditionFlagOrdered>'
        atom 0 2 "$(name One eng)$(name Eins ger)" "$(atom 1 2 "$(name Inside eng)")"
        atom 2 3 "$(name Two eng)"
        echo '</EditionEntry></Chapters>'
    } >chapters.xml
    mkvmerge -q -o in/a.mkv --chapters chapters.xml film.mkv
    pipeline <<'Y'
outputs: {o: {to: a.mkv, keep: chapters}}
Y
    expect_exit 3 rushes run p.yaml in -o out
    expect "$(jq -c '[.outputs[0].carried[] | select(.keep == "chapters") | [.what, .fate]]' $REPORT)" \
        '[["chapters","kept"],["chapters of other editions, or inside others","dropped"],["names of chapters in other languages","dropped"],["order of an ordered edition","dropped"]]' carried
}

test_20_chapters_are_clipped_and_scaled() {
    mkdir in
    local seconds=('START=0\nEND=1000\ntitle=One' 'START=1000\nEND=3000\ntitle=Two' 'START=3000\nEND=4000\ntitle=Three')
    printf ';FFMETADATA1\n' >chapters
    for chapter in "${seconds[@]}"; do printf "[CHAPTER]\nTIMEBASE=1/1000\n$chapter\n" >>chapters; done
    film plain.mkv 4 25
    ff -i plain.mkv -i chapters -map_chapters 1 -c copy in/a.mkv
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  cut: {steps: [trim: {from: 2s}], to: cut.mkv, keep: chapters}
  fast: {steps: [speed: 2], to: fast.mp4}
Y
    run
    expect "$(ffprobe -v error -show_entries chapter=start_time,end_time:chapter_tags=title -of csv=p=0 out/cut.mkv | tr '\n' ' ')" \
        '0.000000,1.000000,Two 1.000000,2.000000,Three ' cut
    expect "$(ffprobe -v error -show_entries chapter=start_time,end_time:chapter_tags=title -of csv=p=0 out/fast.mp4 | tr '\n' ' ')" \
        '0.000000,0.500000,One 0.500000,1.500000,Two 1.500000,2.000000,Three ' fast
}

# MP4 has 65536ths of a metre.
test_20_a_place_that_mp4_rounds_is_kept() {
    mkdir in
    film in/a.mp4 1 25 -metadata location=+52.3693+006.6761+10.534988/
    pipeline <<'Y'
outputs:
  o: {to: "${stem}.mp4", keep: [location], encode: {video: {codec: h264}}}
Y
    run
    expect_json $REPORT '.outputs[0].carried[] | select(.keep == "location") | .fate == "kept" and (.after | startswith("+52.3693+006.6761+10.53"))'
}

test_20_date_place_and_camera_stay() {
    mkdir in
    film in/a.mov 1 25 -movflags use_metadata_tags -metadata creation_time=2024-05-06T07:08:09Z \
        -metadata com.apple.quicktime.creationdate=2024-05-06T09:08:09+0200 \
        -metadata com.apple.quicktime.location.ISO6709=+48.2082+016.3738+171/ \
        -metadata com.apple.quicktime.make=Apple -metadata com.apple.quicktime.model='iPhone 12'
    local container
    for container in mov mp4 mkv; do
        rm -rf out
        pipeline <<Y
inputs: {include: ["*"]}
steps: [trim: {from: 5f}]
outputs:
  o: {to: "\${stem}.$container", keep: [dates, location, tags]}
Y
        run
        expect_json $REPORT '.outputs[0].facts | .date == "2024-05-06T09:08:09+0200" and .location == "+48.2082+016.3738+171/" and .camera == "Apple iPhone 12"'
    done
}

test_20_the_language_of_a_track_that_is_dropped_isnt_kept() {
    mkdir in
    ffmpeg -v error -f lavfi -i testsrc2=size=64x48:rate=25:duration=2 -f lavfi -i sine=duration=2 -f lavfi -i sine=duration=0.5 \
        -map 0 -map 1 -map 2 -metadata:s:a:0 language=eng -metadata:s:a:1 language=deu -c:v mpeg4 -c:a flac in/a.mkv
    pipeline <<'Y'
inputs: {include: ["*"]}
steps: [trim: {from: 1s}]
outputs:
  o: {to: "${stem}.mkv", encode: {video: {codec: ffv1}, audio: {codec: flac, tracks: all}}}
Y
    run
    expect "$(fate 'sound track 2')" dropped "a track that ends before the programme"
    expect_json $REPORT '.outputs[0].carried[] | select(.what == "languages") | .fate == "dropped" and .after == "eng" and .why == "without deu"'
}

test_20_languages_and_dispositions_fit_the_container() {
    mkdir in
    cues
    film in/a.mkv 5 25
    mv in/a.mkv p.mkv
    ff -i p.mkv -f lavfi -i sine=sample_rate=48000:duration=5 -f lavfi -i sine=sample_rate=48000:duration=5 -i words.srt -map 0 -map 1 -map 2 -map 3 \
        -c:v copy -c:a aac -c:s srt -metadata:s:a:0 language=ger -metadata:s:a:1 language=en \
        -metadata:s:a:1 title=Comments -disposition:a:1 comment -metadata:s:s:0 language=fre -disposition:s:0 forced in/a.mkv
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  o: {to: "${stem}.mp4", encode: {audio: {tracks: all}}, keep: [languages, tracks, subtitles]}
Y
    run
    expect "$(shown out/a.mp4 a stream_tags=language | tr '\n' ' ')" 'deu eng ' "sound"
    expect "$(shown out/a.mp4 s stream_tags=language)" fra "subtitles"
    expect "$(shown out/a.mp4 s stream_disposition=forced)" 1 "forced subtitles"
    grep -q Comments out/a.mp4 || fail "the title of a track is lost"
}

# part FILE…: of Matroska, whatever follows the three letters of Language is an element of its own. ffmpeg writes no
# LanguageBCP47 (RFC 9559, 5.1.4.1.20: 22 B5 9D), but all bytes of a language that it is given.
part() {
    python3 - "$@" <<'P'
import re, sys
for name in sys.argv[1:]:
    data = open(name, "rb").read()
    open(name, "wb").write(re.sub(b"\x22\xb5\x9c.(?=...\x22\xb5\x9d)", b"\x22\xb5\x9c\x83", data, flags=re.S))
P
}
HANT=$'chi\x22\xb5\x9d\x87zh-Hant' BRAZIL=$'por\x22\xb5\x9d\x85pt-BR'

# regional FILE: sound in zh-Hant and in Spanish, subtitles in pt-BR and in por
regional() {
    cues
    ff -f lavfi -i testsrc2=size=64x48:rate=25:duration=5 -f lavfi -i sine=duration=5 -i words.srt -map 0 -map 1 -map 1 -map 2 -map 2 \
        -c:v libx264 -preset ultrafast -c:a aac -c:s srt -write_crc32 0 -metadata:s:a:0 "language=$HANT" -metadata:s:a:1 language=spa \
        -metadata:s:s:0 language=por -metadata:s:s:1 "language=$BRAZIL" "$1"
    part "$1"
}

test_languages_keep_their_script_and_region_in_matroska() {
    mkdir in
    regional in/a.mkv
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  o: {to: "${stem}.mkv", encode: {video: {codec: copy}, audio: {codec: copy, tracks: all}}, keep: [languages, subtitles]}
  w: {to: "${stem}.webm", steps: [trim: {to: 1s}], encode: {audio: {tracks: all}}, keep: languages}
Y
    run
    expect_json $REPORT '[.outputs[] | .carried[] | select(.what == "languages") | .before, .after, .fate] | unique
        == ["kept", "zh-Hant, spa, por, pt-BR"]'
    expect_json $REPORT '.outputs[0].facts | .languages == ["zh-Hant", "spa"] and .subtitle_languages == ["por", "pt-BR"]'
    expect "$(mediainfo --Output='Audio;%Language% ' out/a.mkv)$(mediainfo --Output='Text;%Language% ' out/a.mkv)" \
        'zh-Hant es pt pt-BR ' "Matroska in MediaInfo"
    expect "$(mediainfo --Output='Audio;%Language% ' out/a.webm)" 'zh-Hant es ' "WebM in MediaInfo"
    expect "$(shown out/a.mkv a stream_tags=language | tr '\n' ' ')" 'chi spa ' "the codes of old readers"
    ! mediainfo --ParseSpeed=1 out/a.mkv | grep -q CRC_Error || fail "the checksum of the tracks isn't theirs"
}

# ISO/IEC 14496-12, 8.4.6, and the name of a handler, which gives room to that box, is libavformat's own.
test_languages_keep_their_script_and_region_in_mp4_and_mov() {
    mkdir in
    regional in/a.mkv
    local file
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  mp4: {to: a.mp4, encode: {video: {codec: copy}, audio: {codec: copy, tracks: all}}, keep: [languages, subtitles]}
  mov: {to: a.mov, encode: {video: {codec: copy}, audio: {codec: copy, tracks: all}}, keep: [languages, subtitles]}
  plain: {to: b.mp4, encode: {faststart: false, video: {codec: copy}, audio: {codec: copy, tracks: all}}, keep: [languages, subtitles]}
  pieces: {to: c.mp4, encode: {fragment: 1s, video: {codec: copy}, audio: {codec: copy, tracks: all}}, keep: [languages, subtitles]}
Y
    run
    for file in a.mp4 a.mov b.mp4 c.mp4; do
        expect "$(mediainfo --Output='Audio;%Language% ' out/$file)$(mediainfo --Output='Text;%Language% ' out/$file)" \
            'zh-Hant es pt pt-BR ' "$file in MediaInfo"
        expect "$(shown out/$file a stream_tags=language | tr '\n' ' ')" 'zho spa ' "the codes of $file"
        expect "$(shown out/$file a stream_tags=handler_name | sort -u)" SoundHandler "the handlers of $file"
    done
    expect_json $REPORT '[.outputs[] | .carried[] | select(.what == "languages") | .after, .fate] | unique == ["kept", "zh-Hant, spa, por, pt-BR"]'
}

test_an_expectation_of_a_language_takes_more_of_it() {
    mkdir in
    regional in/a.mkv
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  less: {to: a.mp4, encode: {video: {codec: copy}, audio: {codec: copy, tracks: all}}, expect: {languages: [chi, es], subtitle_languages: source}}
  more: {to: b.mp4, encode: {video: {codec: copy}, audio: {codec: copy, tracks: all}}, expect: {languages: [zh-Hans, es]}}
Y
    run 3
    expect_json $REPORT '[.outputs[] | {(.output): [.checks[] | select(.name | test("languages")) | .pass]}] | add == {"less": [true, true], "more": [false]}'
}

test_a_track_is_chosen_by_its_region() {
    mkdir in
    regional in/a.mkv
    pipeline <<'Y'
outputs:
  b: {to: b.mkv, encode: {subtitles: pt-BR, video: {codec: copy}}}
  p: {to: p.mkv, encode: {subtitles: por, video: {codec: copy}}}
Y
    run
    expect_json $REPORT '[.outputs[] | {(.path): .facts.subtitle_languages}] | add == {"b.mkv": ["pt-BR"], "p.mkv": ["por", "pt-BR"]}'
}

# ISO/IEC 14496-12, 8.4.6. ffmpeg writes none: the name of a handler, which nobody reads, makes room for the box.
test_extended_language_of_a_movie_is_read() {
    mkdir in
    ff -f lavfi -i sine=duration=1 -c:a aac -metadata:s:a:0 language=por -metadata:s:a:0 handler_name="Name------------------" in/a.mp4
    python3 - <<'P'
data = open("in/a.mp4", "rb").read()
at = data.index(b"Name------------------")
box = bytes([0, 0, 0, 18]) + b"elng" + bytes(4) + b"pt-BR" + bytes(1)
head = at - 32
assert data[head + 4:head + 8] == b"hdlr" and len(box) == 18
size = int.from_bytes(data[head:head + 4], "big") - len(box)
data = data[:head] + size.to_bytes(4, "big") + data[head + 4:at] + b"Name\0" + box + data[at + 23:]
open("in/a.mp4", "wb").write(data)
P
    expect "$(tag in/a.mp4 stream_tags=language)" por "the file is whole"
    rushes probe --json in/a.mp4 >facts
    expect_json facts '.. | .languages? | select(.) == ["pt-BR"]'
}

# RFC 9559, 5.1.4.1.28: PixelCropTop (54 BB) and PixelCropLeft (54 CC), which ffmpeg doesn't write, in the place of an aspect, 2:3.
test_a_crop_of_matroska_is_told_as_dropped() {
    mkdir in
    ff -f lavfi -i testsrc2=size=64x48:rate=25:duration=0.4,setsar=1/2 -c:v ffv1 -write_crc32 0 in/a.mkv
    python3 - <<'P'
data = open("in/a.mkv", "rb").read()
width, height = b"\x54\xb0\x81\x02", b"\x54\xba\x81\x03"
assert data.count(width) == data.count(height) == 1
open("in/a.mkv", "wb").write(data.replace(width, b"\x54\xcc\x81\x10").replace(height, b"\x54\xbb\x81\x08"))
P
    pipeline <<'Y'
outputs:
  copy: {to: a.mkv, encode: {video: {codec: copy}}}
  crop: {to: b.mkv, encode: {video: {codec: ffv1}}, steps: [crop: {x: 16, y: 8, width: 48, height: 40}]}
Y
    run
    expect_json $REPORT '[.outputs[] | .carried[] | select(.what == "how the picture is cropped") | [.before, .fate]] | sort ==
        [["48x40 at 16, 8", "changed"], ["48x40 at 16, 8", "dropped"]]'
    expect_json $REPORT '[.. | .why? | strings | select(contains("`crop: {x: 16, y: 8, width: 48, height: 40}`"))] | length == 1'
}

# ISO/IEC 14496-12, 12.1.4: a clean aperture of 48x40 whose middle is 2 pixels right of the picture's. ffmpeg 5.1 writes none: it goes
# into the sample entry of a file whose index is behind its media.
test_a_clean_aperture_is_told_as_dropped_upright() {
    mkdir in
    ff -f lavfi -i testsrc2=size=64x48:rate=25:duration=0.4 -pix_fmt yuv422p10le -c:v prores_ks in/a.mov
    ff -i in/a.mov -c copy -metadata:s:v rotate=90 in/turned.mov
    python3 - <<'P'
aperture = b"".join(n.to_bytes(4, "big") for n in (48, 1, 40, 1, 2, 1, 0, 1))
box = (8 + len(aperture)).to_bytes(4, "big") + b"clap" + aperture
for name in ("in/a.mov", "in/turned.mov"):
    data = bytearray(open(name, "rb").read())
    assert data.index(b"mdat") < data.index(b"moov")
    at = data.index(b"moov")
    for kind in (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd", b"apch"):
        at = data.index(kind, at)
        size = int.from_bytes(data[at - 4:at], "big")
        data[at - 4:at] = (size + len(box)).to_bytes(4, "big")
    data[at - 4 + size:at - 4 + size] = box
    open(name, "wb").write(data)
P
    pipeline <<'Y'
outputs:
  copy: {to: "${stem}.mov", encode: {video: {codec: copy}}}
  made: {to: "${stem}.mkv", encode: {video: {codec: ffv1}}}
Y
    run
    expect_json $REPORT '[.outputs[] | .path as $p | .carried[] | select(.what == "how the picture is cropped") | [$p, .before, .fate]] | sort ==
        [["a.mkv", "48x40 at 10, 4", "dropped"], ["a.mov", "48x40 at 10, 4", "dropped"],
         ["turned.mkv", "40x48 at 4, 6", "dropped"], ["turned.mov", "40x48 at 4, 6", "dropped"]]'
    expect_json $REPORT '[.. | .why? | strings | select(contains("`crop: {x: 4, y: 6, width: 40, height: 48}`"))] | length == 2'
    expect "$(tag out/turned.mkv stream=height)" 64 "nothing is taken off"
}

# Matroska and MP4 have marks for it, WebM none (libavformat 59's writers).
test_20_an_audio_description_is_marked_or_its_mark_is_told_as_dropped() {
    mkdir in
    ffmpeg -v error -f lavfi -i testsrc2=size=64x48:rate=25:duration=0.4 -f lavfi -i sine=duration=0.4 -f lavfi -i sine=duration=0.4 \
        -map 0 -map 1 -map 2 -disposition:a:1 visual_impaired -c:v mpeg4 -c:a flac in/a.mkv
    pipeline <<'Y'
outputs:
  mkv: {to: a.mkv, encode: {video: {codec: ffv1}, audio: {codec: flac, tracks: all}}}
  mp4: {to: a.mp4, encode: {audio: {codec: aac, tracks: all}}}
  webm: {to: a.webm, encode: {video: {codec: vp9}, audio: {codec: opus, tracks: all}}}
Y
    run
    expect_json $REPORT '[.outputs[].carried[] | select(.what | startswith("role of sound track 2")) | .before, .fate]
        == ["visual_impaired", "kept", "visual_impaired", "kept", "visual_impaired", "dropped"]'
    expect "$(shown out/a.mp4 a stream_disposition=visual_impaired | tr '\n' ' ')" '0 1 ' "the mark in MP4"
    expect_json $REPORT '.outputs[2].carried[] | select(.what | startswith("role")) | .why == "webm has no mark for visual_impaired"'
}

test_21_every_stream_of_the_source_is_in_the_table_once() {
    mkdir in
    cues
    film p.mkv 5 25
    ff -i p.mkv -f lavfi -i sine=sample_rate=48000:duration=5 -f lavfi -i sine=sample_rate=48000:duration=5 -i words.srt -i "$TINY/photo.jpg" -map 0 -map 1 -map 2 -map 3 \
        -map 4 -c:v copy -c:a flac -c:s srt -attach words.srt -metadata:s:t:0 mimetype=text/plain -disposition:v:1 attached_pic in/a.mkv
    local streams container
    streams=$(tag in/a.mkv stream=index | sort -n | uniq | tr '\n' ' ')
    for container in mp4 mkv mxf webm m4a wav; do
        rm -rf out
        pipeline <<Y
inputs: {include: ["*"]}
outputs:
  o: {to: "\${stem}.$container"}
Y
        [ $container = mxf ] && sed -i 's/to:/encode: {video: {codec: dnxhd, profile: dnxhr_lb}}, to:/' p.yaml
        run
        expect "$(jq -r '[.outputs[0].carried[] | select(.stream != null) | .stream] | sort | map(tostring + " ") | add' $REPORT)" "$streams" $container
        expect_json $REPORT '.outputs[0].carried | all(if .fate == "dropped" then (.why | length) > 0 else .after != null end)'
    done
}

test_21_a_loss_that_keep_names_is_out_of_spec() {
    mkdir in
    cues
    film p.mkv 5 25
    ff -i p.mkv -i words.srt -map 0 -map 1 -c copy in/a.mkv
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  o: {to: "${stem}.mxf", encode: {video: {codec: dnxhd, profile: dnxhr_lb}}, keep: [subtitles, chapters]}
Y
    expect_exit 0 rushes lint p.yaml
    expect_said err "a mxf file has no place for subtitles"
    run 3
    expect_no_file out/a.mxf
    expect_json $REPORT '.outputs[0] | .status == "out_of_spec" and (.checks | any(.name == "keep subtitles" and .measured == "none" and (.pass | not)))'
    expect_json $REPORT '.outputs[0].checks | any(.name == "keep chapters" and .pass)'
    sed -i 's/subtitles/subtitle/' p.yaml
    expect_exit 2 rushes run p.yaml in -o out
    expect_said err 'did you mean "subtitles"?'
}

test_a_picture_of_a_film_has_nothing_else_of_it_and_says_so() {
    mkdir in
    cues
    printf ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1000\ntitle=One\n' >chapters
    film p.mov 2 25
    ff -i p.mov -f lavfi -i sine=d=2 -i words.srt -i chapters -map 0 -map 1 -map 2 -map_chapters 3 -c:v copy -c:a aac -c:s mov_text \
        -metadata:s:a language=eng -timecode 10:00:00:00 -movflags use_metadata_tags -metadata title=T -metadata artist=A in/a.mov
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  still: {to: still.png, steps: [still: 1s], keep: [timecode, chapters, subtitles, languages, tracks, tags]}
  sheet: {to: sheet.jpg, steps: [contact_sheet: {columns: 2}], keep: tracks}
  sprite: {to: sprite.jpg, steps: [sprite: {every: 1s}], keep: timecode}
  preview: {to: preview.webp, steps: [preview: {}], keep: languages}
  named: {to: named.tif, steps: [still: 1s, metadata: {title: Other, strip: true}], keep: tags}
Y
    run 3
    local output
    for output in still sheet sprite preview; do
        expect_json $REPORT "[.outputs[] | select(.output == \"$output\")][0] | .status == \"out_of_spec\" and
            ([.checks[] | select(.name | startswith(\"keep \")) | .pass] | unique == [false]) and
            ([.carried[] | select(.fate == \"dropped\") | .keep] | unique == [\"chapters\", \"languages\", \"subtitles\", \"tags\", \"timecode\", \"tracks\"])"
    done
    expect_json $REPORT '[.outputs[] | select(.output == "still")][0].carried[0] | [.fate, .before, .after] == ["encoded", "h264, 256x144", "png, 256x144"]'
    expect_json $REPORT '[.outputs[] | select(.output == "named")][0] | .status == "done" and ([.carried[] | select(.keep == "tags") | .fate] == ["changed"])'
}

test_keep_warns_of_containers_without_a_place_alone() {
    local output
    while read -r output; do
        pipeline <<Y
inputs: {include: ["*"]}
outputs:
  o: {$output, keep: timecode}
Y
        expect_exit 0 rushes lint p.yaml
        ! grep -q 'no place' "$said/err" || fail "$output: there is a place for a timecode"
    done <<'Y'
encode: {container: mxf_opatom, video: {codec: dnxhd, profile: dnxhr_lb}}
to: "f/${stem}/${stem}.####.dpx"
Y
}

test_a_subtitle_follows_trim_and_speed_into_every_container() {
    mkdir in
    cues
    film p.mkv 5 25
    ff -i p.mkv -i words.srt -map 0 -map 1 -c copy -metadata:s:s:0 language=deu in/a.mkv
    local container
    for container in mkv mp4 mov webm; do
        rm -rf out
        pipeline <<Y
inputs: {include: ["*"]}
steps: [trim: {from: 1s, to: 3s}, speed: 2]
outputs:
  o: {to: "\${stem}.$container", encode: {video: {options: {}}}, keep: subtitles}
Y
        run
        expect "$(ff -i out/a.$container -map 0:s -f srt - | grep -c -- '-->')" 2 "cues in $container"
        expect "$(ff -i out/a.$container -map 0:s -f srt - | grep -- '-->' | tr '\n' ' ')" \
            '00:00:00,000 --> 00:00:00,250 00:00:00,500 --> 00:00:01,000 ' $container
        expect "$(shown out/a.$container s stream_tags=language | sed s/ger/deu/)" deu $container
    done
}


# Matroska's "Subtitles": S_TEXT/WEBVTT, with the header in CodecPrivate. libavformat writes an older draft's ID, and
# a title of the same size becomes the header.
test_webvtt_as_mkvmerge_writes_it_is_read() {
    mkdir in
    printf 'WEBVTT\n\n00:00.200 --> 00:00.800\nWord <b>one</b>\n' >words.vtt
    ffmpeg -v error -f lavfi -i testsrc2=size=64x48:rate=25:duration=1 -i words.vtt -c:v mpeg4 -c:s webvtt \
        -metadata:s:s:0 title=WEBVTT -write_crc32 0 old.mkv
    python3 - <<'P'
data = open("old.mkv", "rb").read()
for old, new in ((b"\x86\x92D_WEBVTT/SUBTITLES", b"\x86\x8dS_TEXT/WEBVTT\xec\x83\0\0\0"),
                 (b"\x53\x6e\x86WEBVTT", b"\x63\xa2\x86WEBVTT")):
    assert data.count(old) == 1
    data = data.replace(old, new)
open("in/a.mkv", "wb").write(data)
P
    pipeline <<'Y'
outputs:
  film: {to: "${stem}.mp4", keep: subtitles}
  words: {to: "${stem}.srt", encode: {subtitles: 1}}
Y
    run
    expect_json $REPORT '.outputs[0].carried[] | select(.keep == "subtitles") | .fate == "converted"'
    grep -q '^Word <b>one</b>' out/a.srt || fail "the cue is $(cat out/a.srt)"
}

# Longer than what is read before the first frame: nothing of it may be skipped for the sake of a cue.
test_all_of_a_film_with_webvtt_of_mkvmerge_is_read() {
    mkdir in
    for n in $(seq 0 9); do printf '00:00:%02d.500 --> 00:00:%02d.500\ncue %d\n\n' $((3 * n)) $((3 * n + 2)) "$n"; done |
        sed '1i WEBVTT\n' >words.vtt
    ff -f lavfi -i testsrc2=size=160x90:rate=25:duration=32 -f lavfi -i sine=duration=32:r=48000 -c:v libx264 -g 50 -c:a aac av.mkv
    mkvmerge -q -o in/a.mkv av.mkv words.vtt
    pipeline <<'Y'
outputs:
  copied: {to: "${stem}.mkv", encode: {video: {codec: copy}, audio: {codec: copy}}, keep: [subtitles]}
  made: {to: "${stem}.mp4", encode: {video: {codec: h264}}, keep: [subtitles]}
  words: {to: "${stem}.vtt"}
Y
    run
    for file in out/a.mkv out/a.mp4; do
        expect "$(ffprobe -v error -count_packets -select_streams v -show_entries stream=nb_read_packets -of csv=p=0 $file)" 800 "pictures of $file"
        expect "$(cues_in $file | tr '|' '\n' | grep -c cue)" 10 "cues of $file"
    done
    expect "$(grep -c '^cue' out/a.vtt)" 10 cues
    expect_json $REPORT '[.outputs[] | select(.output == "copied") | .facts.decoded_samples > 1500000] == [true]'
}

test_subtitles_become_files_of_their_own() {
    mkdir in
    cues
    film p.mkv 5 25
    sed 's/One/Eins/' words.srt >deutsch.srt
    ff -i p.mkv -i words.srt -i deutsch.srt -map 0 -map 1 -map 2 -c copy -metadata:s:s:0 language=eng -metadata:s:s:1 language=ger in/a.mkv
    film in/none.mkv 2 25
    pipeline <<'Y'
inputs: {include: ["*"]}
steps: [trim: {from: 1s}]
outputs:
  en: {to: "${stem}.srt"}
  de: {to: "${stem}.de.vtt", encode: {subtitles: deu}}
  film: {to: "${stem}.mkv", encode: {subtitles: 2}}
Y
    run
    expect "$(sed 's/\r//' out/a.srt | head -3 | tr '\n' ' ')" '1 00:00:00,000 --> 00:00:00,500 One ' srt
    expect "$(head -4 out/a.de.vtt | tr '\n' ' ')" 'WEBVTT  00:00.000 --> 00:00.500 Eins ' vtt
    expect "$(shown out/a.mkv s stream_tags=language | tr '\n' ' ')" 'ger ' "tracks of the film"
    expect "$(published out | tr '\n' ' ')" './a.de.vtt ./a.mkv ./a.srt ./none.mkv ' "what there is"
    expect_json $REPORT '[.outputs[] | select(.path == "a.srt") | .facts.subtitle_tracks] == [1]'
}

test_why_a_file_of_subtitles_would_be_empty_is_told() {
    mkdir in
    cues
    film p.mkv 5 25
    ff -i p.mkv -i words.srt -map 0 -map 1 -c copy -metadata:s:s:0 language=ger in/a.mkv
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  held: {to: "held.srt", steps: [freeze: {at: 1s, length: 1s}]}
  other: {to: "other.srt", encode: {subtitles: fra}}
Y
    run 1
    expect "$(jq -r '.outputs[].error.message' $REPORT)" \
        "nothing is left to be written: subtitle track 1 (ger, subrip): srt output: it can't follow a change of time
nothing is left to be written: subtitle track 1 (ger, subrip): srt output: it isn't the one that was asked for" why
}

# W3C, WebVTT, 4.2.2: neither may stand in a text by itself; what is read of it there is what the source says.
test_webvtt_has_names_for_the_letters_of_tags() {
    mkdir in
    film p.mkv 1 25
    printf '1\n00:00:00,200 --> 00:00:00,800\nTom & <i>Jerry</i>, 1 < 2 > 0\n' >words.srt
    ff -i p.mkv -i words.srt -map 0 -map 1 -c copy in/a.mkv
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  vtt: {to: "${stem}.vtt"}
  mp4: {to: "${stem}.mp4"}
  srt: {from: mp4, to: "${stem}.srt"}
Y
    run
    expect "$(sed -n 4p out/a.vtt)" 'Tom &amp; <i>Jerry</i>, 1 &lt; 2 &gt; 0' vtt
    expect "$(sed -n 3p out/a.srt)" 'Tom & <i>Jerry</i>, 1 < 2 > 0' srt
}

test_cues_end_with_the_programme_and_those_behind_it_are_told() {
    mkdir in
    film p.mkv 1 25
    printf '1\n00:00:00,500 --> 00:00:09,000\nOne\n\n2\n00:00:02,000 --> 00:00:03,000\nTwo\n' >words.srt
    ff -i p.mkv -i words.srt -map 0 -map 1 -c copy in/a.mkv
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  o: {to: "${stem}.mp4", encode: {container: mp4, video: {codec: copy}}, expect: {duration: 1s ±1f}}
  s: {to: "${stem}.srt"}
Y
    run
    expect "$(sed 's/\r//' out/a.srt | tr '\n' ' ')" '1 00:00:00,500 --> 00:00:01,000 One  ' srt
    expect_json $REPORT '[.outputs[].steps | any(endswith("1 cue cut where the programme ends"))] == [true, true]'
    expect_json $REPORT '[.outputs[].lost | any(startswith("1 cue of subtitle track 1"))] == [true, true]'
}

test_cues_behind_the_end_are_a_loss_to_keep() {
    mkdir in
    film p.mkv 1 25
    printf '1\n00:00:00,500 --> 00:00:00,900\nOne\n\n2\n00:00:02,000 --> 00:00:03,000\nTwo\n' >words.srt
    ff -i p.mkv -i words.srt -map 0 -map 1 -c copy in/a.mkv
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  o: {to: "${stem}.mkv", encode: {container: mkv, video: {codec: copy}}, keep: subtitles}
Y
    run 3
    expect_json $REPORT '.outputs[0].checks | any(.name == "keep subtitles" and (.pass | not))'
    sed -i '1a steps: [{trim: {to: 0.96s}}]' p.yaml
    run
}

# MPEG-4's timed text has an empty sample between cues (3GPP TS 26.245), here at 1.1 s of 1 s.
test_a_sample_that_takes_a_cue_off_is_no_loss_behind_the_end() {
    mkdir in
    film p.mkv 1 25
    printf '1\n00:00:00,500 --> 00:00:01,100\nOne\n\n2\n00:00:02,000 --> 00:00:03,000\nTwo\n' >words.srt
    ff -i p.mkv -i words.srt -map 0 -map 1 -c copy -c:s mov_text long.mp4
    ff -i long.mp4 -map 0 -c copy -t 1.5 in/a.mp4
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  o: {to: "${stem}.mp4", encode: {container: mp4, video: {codec: copy}}, keep: subtitles}
Y
    run
}

# Blocks of Vorbis are long or short, and the last packets of FLAC and ALAC are shorter than the others.
test_copied_sound_whose_packets_differ_in_length_is_as_long() {
    mkdir in
    local codec
    for codec in libvorbis flac alac; do
        ff -f lavfi -i testsrc2=size=64x36:rate=25:duration=0.6 \
            -f lavfi -i "aevalsrc=sin(2764*t)*lt(mod(t\\,0.3)\\,0.02):s=48000:d=0.6" -c:v mpeg4 -c:a $codec in/$codec.mkv
        ff -i in/$codec.mkv -c copy -t 0.12 in/$codec-short.mkv
    done
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  mkv: {to: "${stem}.mkv", encode: {container: mkv, video: {codec: copy}, audio: {codec: copy}}}
  mp4: {to: "${stem}.mp4", encode: {container: mp4, video: {codec: copy}, audio: {codec: copy}}}
Y
    run
}

# copied_sound FILE: of each packet its bytes, then what is decoded
copied_sound() {
    ffprobe -v error -select_streams a -show_data_hash md5 -show_entries packet=data_hash -of csv=p=0 "$1" |
        grep -o 'MD5:[0-9a-f]*'
    ffmpeg -v error -i "$1" -map 0:a -f md5 -
}

# Without their headers of 7 bytes (ADTS, ISO/IEC 13818-7, 6.2), as FFmpeg's own filter leaves them.
test_aac_of_a_transport_stream_is_copied_into_fragments() {
    mkdir in
    ff -f lavfi -i testsrc2=size=64x36:rate=25:duration=3 -f lavfi -i sine=duration=3 -c:v libx264 -g 25 -c:a aac in/a.ts
    ff -i in/a.ts -map 0:a -c copy -bsf:a aac_adtstoasc bare.mkv
    ffmpeg -v error -i in/a.ts -map 0:a -f md5 - >decoded
    pipeline <<'Y'
outputs:
  mp4: {to: "${stem}.mp4", encode: {fragment: 1s, video: {codec: copy}}}
  mov: {to: "${stem}.mov", encode: {fragment: 1s, video: {codec: copy}, audio: {codec: copy}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '[.outputs[].facts.audio_codec] == ["aac", "aac"]'
    for file in out/a.mp4 out/a.mov; do
        cmp <(copied_sound "$file") <(copied_sound bare.mkv | sed '$d'; cat decoded) || fail "$file has other sound"
    done
}

# The index of a sampling rate that there is none of (ISO/IEC 13818-7, 6.2.2.3), in a packet of the middle.
test_sound_with_a_packet_that_has_no_header_is_encoded_unless_a_copy_is_asked_for() {
    mkdir in
    ff -f lavfi -i testsrc2=size=64x36:rate=25:duration=3 -f lavfi -i sine=duration=3 -c:v libx264 -g 25 -c:a aac in/a.ts
    local at
    at=$(LC_ALL=C grep -obUaP '\xff\xf1[\x40-\x7f]' in/a.ts | cut -d : -f 1 | sed -n 60p)
    printf '\x7c' | dd of=in/a.ts bs=1 seek=$((at + 2)) conv=notrunc status=none
    pipeline <<'Y'
damaged: allow
outputs:
  whole: {to: "whole.mp4", encode: {video: {codec: copy}}}
  mkv: {to: "a.mkv", encode: {video: {codec: copy}}}
  fragments: {to: "fragments.mp4", encode: {fragment: 1s, video: {codec: copy}}}
  asked: {to: "asked.mp4", encode: {video: {codec: copy}, audio: {codec: copy}}}
  encoded: {to: "encoded.mp4", encode: {video: {codec: copy}, audio: {codec: aac}}}
Y
    expect_exit 1 rushes run p.yaml in -o out
    expect_json $REPORT '[.outputs[:3][].steps | any(test("sound encoded: .* s: a packet of AAC has no header"))] == [true, true, true]'
    expect_json $REPORT '.outputs[3].error | .class == "input_damaged" and (.message | test("has no header that can be read: encode it"))'
    sed -i 2d p.yaml
    expect_exit 1 rushes run p.yaml in -o out
    expect_json $REPORT '.outputs[0] | .error.class == "input_damaged" and (.steps | all(test("sound copied") | not))'
}

test_sound_alone_goes_into_matroska() {
    mkdir in
    ff -f lavfi -i testsrc2=size=64x36:rate=25:duration=0.4 -f lavfi -i sine=sample_rate=48000:duration=0.4 -c:v mpeg4 -c:a pcm_s16le in/a.mkv
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  mka: {to: "${stem}.mka"}
  weba: {to: "${stem}.weba"}
Y
    run
    expect "$(shown out/a.mka a stream=codec_name)" pcm_s16le "sound of the mka"
    expect "$(shown out/a.weba a stream=codec_name)" opus "sound of the weba"
    expect "$(shown out/a.mka v stream=index)" "" "pictures"
    expect_json $REPORT '[.outputs[].facts.kind] == ["audio", "audio"]'
}

# libavformat writes MXF's sound at 48 kHz alone (mxfenc.c).
test_sound_of_another_rate_is_resampled_for_mxf_or_refused() {
    mkdir in
    ff -f lavfi -i testsrc2=size=320x180:rate=25:duration=0.4 -f lavfi -i sine=sample_rate=44100:duration=0.4 \
        -f lavfi -i sine=sample_rate=48000:duration=0.4 -map 0 -map 1 -map 2 -c:v mpeg2video -c:a pcm_s16le in/a.mov
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  o: {to: "${stem}.mxf", encode: {container: mxf}}
Y
    run
    expect "$(shown out/a.mxf a stream=sample_rate | tr '\n' ' ')" "48000 48000 " rates
    expect_json $REPORT '.outputs[0].steps | any(. == "sound encoded: mxf holds that of 48000 Hz alone")'
    sed -i 's/container: mxf/&, audio: {codec: copy}/' p.yaml
    expect_exit 1 rushes run p.yaml in -o out --fresh
    expect_said out "mxf holds sound of 48000 Hz alone, and the sound to copy has 44100 Hz; name a codec"
    sed -i 's/codec: copy/sample_rate: 44.1 kHz/' p.yaml
    expect_exit 2 rushes run p.yaml in -o out
}

# bright FILE SECOND ROWS: samples near white among the last rows of a frame
bright() { ff -ss "$2" -i "$1" -frames:v 1 -vf "crop=iw:$3:0:ih-$3" -f rawvideo -pix_fmt gray - | LC_ALL=C tr -d '\000-\277' | wc -c; }

test_subtitles_are_burnt_in_when_they_are_said() {
    mkdir in
    cues
    ff -f lavfi -i color=black:size=320x180:rate=25:duration=5 -c:v libx264 -preset ultrafast p.mkv
    ff -i p.mkv -i words.srt -map 0 -map 1 -c copy -metadata:s:s:0 language=deu in/a.mkv
    cp words.srt in/a.srt
    pipeline <<'Y'
inputs: {include: ["*.mkv"]}
steps: [trim: {from: 1s}]
outputs:
  file: {steps: [subtitles: {file: "${stem}.srt", size: 12%}], to: file.mkv, encode: {video: ffv1}}
  track: {steps: [subtitles: {track: deu, size: 12%}], to: track.mkv, encode: {video: {codec: ffv1, pix_fmt: yuv422p10le}}}
  top: {steps: [subtitles: {track: default, place: top, size: 12%}], to: top.mp4, encode: {subtitles: none}}
Y
    run
    local file
    for file in file track; do
        [ "$(bright out/$file.mkv 0.2 90)" -gt 50 ] || fail "$file: nothing is seen of the first one"
        [ "$(bright out/$file.mkv 1.5 90)" -gt 50 ] || fail "$file: nothing is seen of the second one"
        expect "$(bright out/$file.mkv 0.8 180)" 0 "$file: between the two"
    done
    expect "$(bright out/top.mp4 0.2 90)" 0 "the lower half"
    [ "$(bright out/top.mp4 0.2 180)" -gt 20 ] || fail "nothing is seen at the top"
    sed -i 's/track: deu/track: fra/' p.yaml
    rm -r out
    run 1
    expect_json $REPORT '.outputs | any(.error.message == "subtitles: there is no text track fra in the source")'
}

# levels FILE: what each channel has below the first, in steps of 6 dB
levels() {
    ffmpeg -hide_banner -i "$1" -af astats=measure_overall=none:measure_perchannel=RMS_level -f null - 2>&1 |
        awk '/RMS level dB/ {if (!n++) first = $NF; printf "%s%.0f", (n > 1 ? " " : ""), (first - $NF) / 6.0206}'
}

# The channels are told by their levels; 60 Hz pass the LFE of lossy codecs as well.
test_24_each_channel_stays_in_its_place() {
    mkdir in
    local layout=([6]=5.1 [8]=7.1) count i tones
    for count in 6 8; do
        tones=
        for ((i = 0; i < count; i++)); do tones+="${tones:+|}sin(120*PI*t)/$((2 << i))"; done
        ff -f lavfi -i testsrc2=size=64x48:rate=25:duration=0.5 -f lavfi \
            -i "aevalsrc=$tones:channel_layout=${layout[count]}:sample_rate=48000:duration=0.5" -c:v ffv1 -c:a pcm_s24le in/$count.mkv
    done
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  flac: {to: "${stem}_flac.mkv", encode: {video: {codec: copy}, audio: {codec: flac}}}
  pcm: {to: "${stem}_pcm.mov", encode: {video: {codec: mjpeg}, audio: {codec: pcm_s24le}}}
  aac: {to: "${stem}_aac.mkv", encode: {video: {codec: copy}, audio: {codec: aac, bitrate: 512k}}}
  opus: {to: "${stem}_opus.mkv", encode: {video: {codec: copy}, audio: {codec: opus, bitrate: 250k}}}
  ac3: {when: channels <= 6, to: "${stem}_ac3.mkv", encode: {video: {codec: copy}, audio: {codec: ac3, bitrate: 448k}}}
Y
    run
    local file wanted="0 1 2 3 4 5 6 7"
    for file in out/*_*.m*; do
        count=$(basename "${file%%_*}")
        expect "$(levels "$file")" "${wanted:0:2 * count - 1}" "$file"
    done
}

test_26_a_lone_subtitle_and_late_sound_take_no_memory() {
    mkdir in
    printf '1\n01:59:50,000 --> 01:59:51,000\nLast\n' >words.srt
    ff -f lavfi -i color=gray:size=256x120:rate=1:duration=7200 -itsoffset 7100 -f lavfi -i sine=sample_rate=8000:duration=90 -i words.srt \
        -map 0 -map 1 -map 2 -c:v rawvideo -pix_fmt yuv420p -c:a pcm_s16le -c:s srt in/a.mkv
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  o: {to: "${stem}.mkv", keep: subtitles}
Y
    run
    [ "$(stat -c %s out/a.mkv)" -gt 300000000 ] || fail "the test's file is too small to show anything"
    local peak
    peak=$(jq -s 'map(.peak_bytes) | max' out/.rushes/last/tasks/*/result.json)
    [ "$peak" -lt 250000000 ] || fail "a task took $peak bytes"
}

# apart FILE: whether picture and sound of the same time lie in it within 1.5 s of each other
apart() {
    ffprobe -v error -show_entries packet=stream_index,dts_time,pos -of csv=p=0 "$1" | sort -t, -k3n |
        awk -F, '$2 != "N/A" {at[$1] = $2
            gap = at[0] - at[1]; if (gap < 0) gap = -gap; if (gap > 1.5) far = 1} END {print far ? "apart" : "together"}'
}

test_26_silence_before_late_sound_lies_beside_its_picture() {
    mkdir in
    ff -f lavfi -i testsrc2=size=64x36:rate=5:duration=10 -itsoffset 8 -f lavfi -i sine=sample_rate=48000:duration=2 -map 0 -map 1 -c:v libx264 -c:a pcm_s16le in/a.mov
    pipeline <<'Y'
outputs:
  a: {to: a.mkv, encode: {video: {codec: ffv1}, audio: {codec: flac}}}
  b: {to: b.mov, encode: {video: {codec: prores}, audio: {codec: pcm_s16le}}}
Y
    run
    local file
    for file in a.mkv b.mov; do expect "$(apart out/$file)" together $file; done
    expect_json $REPORT '.outputs | all(.steps | any(. == "sound kept in sync: 384000 samples of silence added"))'
}

test_33_a_cover_is_no_picture() {
    mkdir in
    ff -f lavfi -i sine=duration=1 -i "$TINY/photo.jpg" -map 0 -map 1 -c:a libmp3lame -c:v mjpeg -disposition:v attached_pic in/a.mp3
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  o: {to: "${stem}.m4a"}
Y
    run
    expect "$(shown out/a.m4a V stream=index)" "" "pictures"
    expect_json $REPORT '.outputs[0] | .facts.kind == "audio" and (.carried | any(.keep == "attachments" and .fate == "dropped"))'
}

# sound_output WORDS: a pipeline of one output
sound_output() { printf 'inputs: {include: ["*"]}\noutputs:\n  o: {%s}\n' "$1" | pipeline; }

test_a_tag_that_a_sound_file_loses_is_out_of_spec() {
    mkdir in
    ff -f lavfi -i sine=sample_rate=48000:duration=1 -metadata artist=Ada -metadata comment=Take in/a.wav
    local container
    for container in wav flac aiff; do
        sound_output "to: 'a.$container', keep: [tags]"
        run
        expect "$(fate tags)" kept "tags in $container"
    done
    sound_output "to: a.w64, keep: [tags]"
    run 3
    expect_json $REPORT '.outputs[0].carried | any(.what == "tags" and .fate == "dropped" and (.before | contains("artist") and contains("comment")))'
    sed -i 's/to:/steps: [metadata: {strip: true}], to:/' p.yaml
    run
}

# cued FILE SECONDS: sound with cue points at 0.1 s and 0.5 s (RIFF: `cue `, two points of 24 bytes)
cued() {
    ff -f lavfi -i "sine=sample_rate=48000:duration=$2" -fflags +bitexact "$1"
    local size
    size=$(($(stat -c %s "$1") - 8 + 60))
    printf 'cue \x34\0\0\0\x02\0\0\0' >>"$1"
    printf '\x01\0\0\0\xc0\x12\0\0data\0\0\0\0\0\0\0\0\xc0\x12\0\0' >>"$1"
    printf '\x02\0\0\0\xc0\x5d\0\0data\0\0\0\0\0\0\0\0\xc0\x5d\0\0' >>"$1"
    printf "$(printf '\\x%02x' $((size & 255)) $((size >> 8 & 255)) $((size >> 16 & 255)) $((size >> 24)))" |
        dd of="$1" bs=1 seek=4 conv=notrunc status=none
}

test_cue_points_are_chapters_that_may_not_be_lost() {
    mkdir in
    cued in/a.wav 1
    local container
    for container in wav aiff flac; do
        sound_output "to: 'a.$container', keep: [chapters]"
        run
        expect "$(fate chapters)" kept "cue points in $container"
    done
    for container in w64 caf m4a; do
        sound_output "to: 'a.$container', keep: [chapters]"
        run 3
        expect "$(fate chapters)" dropped "cue points in $container"
        sound_output "to: 'a.$container'"
        run
        expect_json $REPORT '.outputs[0].lost | any(. == "2 cue points")'
    done
    sound_output "steps: [trim: {to: 0.3s}], to: cut.wav, keep: [chapters]"
    run
    expect "$(fate chapters)" changed "one cue point outside"
}

test_dts_in_a_wave_file_is_decoded() {
    mkdir in
    ff -f lavfi -i sine=sample_rate=48000:duration=2 -ac 2 -c:a dca -strict -2 a.dts
    ff -f s16le -ar 48000 -ac 2 -i a.dts in/a.wav
    expect_exit 0 rushes probe in/a.wav --json
    grep -q '"dts"' "$said/out" || fail "DTS isn't seen"
    sound_output "to: b.wav"
    run
    local peak
    peak=$(ffmpeg -nostdin -i out/b.wav -af volumedetect -f null - 2>&1 | sed -n 's/.*max_volume: \(-[0-9]*\).*/\1/p')
    [ "${peak:-0}" -lt -10 ] || fail "a tone of -18 dB has a peak of $peak dB: noise"
}

test_13_a_turned_picture_is_upright_once() {
    mkdir in
    ff -f lavfi -i color=black:size=64x32:rate=25:duration=0.4 -vf 'drawbox=0:0:32:16:white:fill' -c:v libx264 p.mp4
    ff -i p.mp4 -c copy -metadata:s:v:0 rotate=90 in/a.mp4
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  o: {to: "${stem}.mkv", encode: {video: ffv1}}
Y
    run
    expect "$(shown out/a.mkv v stream=width,height)" 32,64 size
    expect "$(shown out/a.mkv v stream_side_data=rotation)" "" "a matrix"
    local corner
    corner=$(ff -i out/a.mkv -frames:v 1 -vf crop=8:8:4:52 -f rawvideo -pix_fmt gray - | od -An -tu1 -N1)
    [ "$corner" -gt 200 ] || fail "the white corner is not at the bottom left, a quarter counterclockwise: $corner"
}

# sounds FILE COUNT: a picture of one second and so many stereo tracks
sounds() {
    local tones=() maps=() i
    for ((i = 0; i < $2; i++)); do
        tones+=(-f lavfi -i "sine=frequency=$((400 + 100 * i)):sample_rate=48000:duration=1")
        maps+=(-map $((i + 1)))
    done
    film p.mov 1 25
    ff -i p.mov "${tones[@]}" -map 0 "${maps[@]}" -c:v copy -c:a pcm_s16le -ac 2 "$1"
}

test_sound_that_finds_no_track_is_dropped_and_said() {
    mkdir in
    sounds in/a.mov 3
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  o: {to: "${stem}.mxf", encode: {video: {codec: dnxhd, profile: dnxhr_lb}, audio: {codec: pcm_s16le, mono_tracks: 4}}}
Y
    run
    expect "$(fate 'sound track 3')" dropped "a track behind the last one"
    expect_json $REPORT '.outputs[0].lost | any(startswith("sound track 3 "))'
    rm -r out
    sed -i 's/mono_tracks: 4/mono_tracks: 3/' p.yaml
    run
    expect "$(fate 'sound track 2') $(fate 'sound track 3')" "encoded dropped" "three channels of six"
    expect_json $REPORT '.outputs[0].lost | any(startswith("1 of the 2 channels of sound track 2 ") and
        endswith(": there are 3 tracks of one channel, and others fill them"))'
}

test_channels_that_find_no_track_are_a_loss_to_keep_tracks() {
    mkdir in
    film p.mov 1 25
    ff -i p.mov -f lavfi -i 'aevalsrc=0.1|0.2|0.3|0.4|0.5|0.6:c=5.1:s=48000:d=1' -map 0 -map 1 -c:v copy -c:a pcm_s16le in/a.mov
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  o: {to: "${stem}.mov", keep: tracks, encode: {video: {codec: copy}, audio: {codec: pcm_s16le, mono_tracks: 4}}}
Y
    run 3
    expect_json $REPORT '.outputs[0].checks | any(.name == "keep tracks" and (.pass | not) and
        (.measured | contains("2 of the 6 channels of sound") and contains("others fill them")))'
    rm -r out
    sed -i 's/mono_tracks: 4/mono_tracks: 6/' p.yaml
    run
}

# lasting FILE PICTURE-SECONDS SOUND-SECONDS
lasting() {
    film p.mov "$2" 25
    ff -i p.mov -f lavfi -i "sine=sample_rate=48000:duration=$3" -map 0 -map 1 -c:v copy -c:a pcm_s16le "$1"
}

test_mxf_says_what_it_cuts_and_fills() {
    mkdir in
    lasting in/long.mov 4 9
    lasting in/same.mov 2 2
    lasting in/short.mov 6 2
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  o: {to: "${stem}.mxf", encode: {video: {codec: dnxhd, profile: dnxhr_lb}, audio: pcm_s16le}}
Y
    run
    expect_json $REPORT '.outputs | map({(.path): .lost}) | add | ."long.mxf" == ["5.000 s of sound behind the picture: the tracks of MXF end together"] and ."same.mxf" == [] and ."short.mxf" == []'
    expect_json $REPORT '.outputs | map({(.path): (.steps | any(startswith("4.000 s of silence added behind the sound")))}) | add | ."short.mxf" and (."same.mxf" | not) and (."long.mxf" | not)'
    expect "$(shown out/long.mxf a stream=duration) $(shown out/short.mxf a stream=duration)" "4.000000 6.000000" "seconds of sound"
}

# Latin-1, in which é is one byte that UTF-8 doesn't have
latin() { printf '1\n00:00:00,500 --> 00:00:01,500\nCaf\351\n\n2\n00:00:02,000 --> 00:00:03,000\nTwo\n' >latin.srt; }

test_cues_that_are_not_utf8_do_not_vanish_in_silence() {
    mkdir in
    latin
    film p.mkv 4 25
    ff -i p.mkv -i latin.srt -map 0 -map 1 -c copy in/a.mkv
    head -4 latin.srt >one.srt
    ff -i p.mkv -i one.srt -map 0 -map 1 -c copy in/b.mkv
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  o: {to: "${stem}.mp4"}
Y
    run
    expect_json $REPORT '.outputs | map(select(.path == "a.mp4")) | .[0] | (.lost | any(contains("1 cue that isn'"'"'t text in UTF-8"))) and (.carried | any(.keep == "subtitles" and .fate == "changed"))'
    expect_json $REPORT '.outputs | map(select(.path == "b.mp4")) | .[0].carried | any(.keep == "subtitles" and .fate == "dropped")'
}

test_a_subtitle_file_that_cannot_be_burnt_in_is_explained() {
    mkdir in
    film in/a.mkv 4 25
    latin
    cp latin.srt in/a.srt
    pipeline <<'Y'
inputs: {include: ["*.mkv"]}
steps: [subtitles: {file: "${stem}.srt"}]
outputs:
  o: {to: "${stem}.mp4"}
Y
    run 1
    expect_json $REPORT '.outputs[0].error | .class == "config" and (.message | contains("cue 1 of") and contains("UTF-8"))'
    head -c 3000 /dev/urandom >in/a.srt
    rm -r out
    run 1
    expect_json $REPORT '.outputs[0].error | .class == "config" and (.message | contains("is no subtitle file that is read here"))'
    : >in/a.srt
    rm -r out
    run 1
    expect_json $REPORT '.outputs[0].error.message | contains("is no subtitle file that is read here")'
    echo '[Scene 1]' >in/a.srt # which libavformat takes for a file of lyrics
    rm -r out
    run 1
    expect_json $REPORT '.outputs[0].error.message | contains("or there is no cue in it")'
}

test_transparency_that_is_lost_is_said() {
    mkdir in
    ffmpeg -nostdin -v error -f lavfi -i "color=red@0.5:s=64x36:r=25:d=0.2,format=yuva444p10le" -c:v ffv1 in/a.mkv
    pipeline <<'Y'
outputs:
  web: {to: "${stem}.mp4", encode: {video: {codec: h264, pix_fmt: yuv444p}}, keep: alpha}
  master: {to: "${stem}.mov", encode: {video: {codec: prores, profile: 4444}}, keep: alpha}
  flat: {steps: [flatten: black], to: "${stem}_flat.mp4", encode: {video: h264}}
  still: {steps: [still: 0s], to: "${stem}.jpg"}
  gif: {to: "${stem}.gif", keep: alpha}
  sprite: {steps: [sprite: 1s], to: "${stem}_sprite.png", keep: alpha}
  sheet: {steps: [contact_sheet: {columns: 2, width: 320, color: "#112233"}], to: "${stem}_sheet.png"}
Y
    expect_exit 3 rushes run p.yaml in -o out
    one() { expect_json out/.rushes/last/report.json "[.outputs[] | select(.output == \"$1\")][0] | $2"; }
    one web '.status == "out_of_spec" and (.checks[0] | .name == "keep alpha" and .expected == "yuva444p10le")'
    one web '[.carried[] | select(.what == "transparency")] | length == 1 and (.[0].why | test("h264 in yuv444p has none"))'
    one flat '[.carried[] | select(.what == "transparency")][0] | .fate == "changed" and .why == "the steps leave none"'
    one gif '.status == "out_of_spec" and ([.carried[] | select(.what == "transparency")][0] | .fate == "dropped" and .after == "one bit")'
    one sprite '.status == "out_of_spec" and (.steps | any(. == "transparency laid on #ffffff"))'
    one sheet '.status == "done" and (.carried | any(.what == "transparency" and .fate == "dropped")) and (.steps | any(. == "transparency laid on #112233"))'
    one master '.status == "done" and .checks[0].pass'
    one still '.steps | any(. == "transparency put on white")'
}

# clear FILE OPTIONS…: red, solid in its left half and clear in its right
clear() { ff -f lavfi -i "color=red:s=64x36:r=25:d=0.2,format=yuva420p,geq=lum='p(X,Y)':cb='p(X,Y)':cr='p(X,Y)':a='255*lt(X,32)'" "${@:2}" "$1"; }

# solid FILE: how many of 16 places across the middle of its first picture are solid, of those on the left and on the right
solid() {
    ff -c:v "$2" -i "$1" -frames:v 1 -vf 'alphaextract,crop=64:2:0:17,scale=16:1:flags=area' -f rawvideo -pix_fmt gray - |
        od -An -v -tu1 | tr -s ' ' '\n' | awk 'NF {n++; if ($1 > 240) n <= 8 ? left++ : right++} END {print left + 0, right + 0}'
}

test_35_transparency_of_webm_is_read_written_and_copied() {
    mkdir in
    clear in/vp8.webm -c:v libvpx -auto-alt-ref 0 -b:v 200k
    clear in/vp9.webm -c:v libvpx-vp9 -b:v 200k
    clear in/prores.mov -c:v prores_ks -profile:v 4444
    pipeline <<'Y'
outputs:
  web: {to: "${stem}_web.webm", encode: {video: {codec: vp9}}, keep: alpha}
  gif: {when: codec == prores, to: "${stem}.gif", keep: alpha}
  copy: {when: "codec != prores", to: "${stem}_copy.mkv", encode: {video: {codec: copy}}, keep: alpha}
  movie: {when: codec == vp9, to: "${stem}_web.mp4", encode: {video: {codec: vp9}}}
  lost: {when: codec == vp9, to: "${stem}_copy.mp4", encode: {video: {codec: copy}}}
  flat: {when: codec == vp9, steps: [flatten], to: "${stem}_flat.webm", encode: {video: {codec: vp9}}}
Y
    run
    local name
    for name in vp8 vp9 prores; do expect "$(solid out/${name}_web.webm libvpx-vp9)" '8 0' "$name into VP9"; done
    expect "$(solid out/vp8_copy.mkv libvpx)" '8 0' "VP8 copied"
    expect "$(solid out/vp9_copy.mkv libvpx-vp9)" '8 0' "VP9 copied"
    expect "$(shown out/vp9_flat.webm v stream_tags=alpha_mode)" '' "flattened"
    expect_json $REPORT '[.outputs[] | select(.output == "movie" or .output == "lost") | .carried[] | select(.what == "transparency") | .fate] == ["dropped", "dropped"]'
    expect_json $REPORT '[.outputs[] | select(.output == "gif") | .checks[0].pass] == [true]'
}

test_35_transparency_that_a_webm_only_says_it_has_is_none() {
    mkdir in
    film in/lies.webm 0.2 25 -c:v libvpx-vp9 -cpu-used 8 -deadline realtime -metadata:s:v alpha_mode=1
    pipeline <<'Y'
outputs:
  o: {to: "${stem}.mp4", keep: alpha}
  copy: {to: "${stem}.webm", encode: {video: {codec: copy}}}
Y
    run
    expect_json $REPORT '[.outputs[].carried[] | select(.what == "transparency")] == []'
    expect "$(shown out/lies.webm v stream_tags=alpha_mode)" '' "copied"
}

test_transparency_without_a_place_is_an_error_of_the_plan() {
    mkdir in
    pipeline <<'Y'
outputs:
  o: {to: "${stem}.mp4", encode: {video: {codec: vp9, pix_fmt: yuva420p}}}
Y
    expect_exit 2 rushes lint p.yaml
    expect_said err "a mp4 file has no place for the transparency of vp9"
}

test_35_transparency_of_later_films_is_said() {
    mkdir in
    clear in/a.mov -c:v prores_ks -pix_fmt yuv422p10le
    clear in/b.mov -c:v prores_ks -profile:v 4444
    pipeline <<'Y'
outputs:
  o: {each: job, to: all.mov, encode: {video: {codec: prores, profile: 4444}}, keep: alpha}
Y
    run 3
    expect_json $REPORT '.outputs[0] | .carried | any(.what == "b.mov: transparency" and .fate == "dropped" and (.why | contains("put `flatten` before")))'
}

# 20 thumbnails of 2 s, the film as 16 to 9.
test_a_sheet_that_no_format_holds_is_refused_by_the_plan() {
    mkdir in
    film in/a.mkv 2 25
    pipeline <<'Y'
outputs:
  sprite: {steps: [sprite: {every: 0.1s, width: 1920, columns: 20}], to: "${stem}.webp"}
  sheet: {steps: [contact_sheet: {columns: 1, rows: 20, width: 3840}], to: "${stem}.jpg"}
Y
    expect_exit 0 rushes plan p.yaml in -o out
    expect_said out "20 thumbnails of 1920x1080 in 20 columns make a picture of 38400x1080, and 16383 is the most"
    expect_said out "20 rows of pictures of 3760x2115 make one of 3840x44078, and 16383 is the most"
    run 1
}

test_a_track_of_thumbnails_in_the_wrong_place_is_told_the_right_one() {
    mkdir in
    film in/a.mkv 0.2 25
    cp in/a.mkv in/b.mkv
    pipeline <<'Y'
outputs:
  o: {steps: [sprite: 1s], to: "th/${stem}.vtt"}
Y
    run 2
    expect_said err 'for example to: "${stem}/${stem}.vtt"'
    sed -i 's/^outputs:/steps: [sprite: 1s]\noutputs:/; s/steps: \[sprite: 1s\], to/to/' p.yaml
    run 2
    expect_said err 'put it into the output: {steps: [sprite: 10s], to: "thumbs/${stem}/${stem}.vtt"}'
}

test_a_film_without_sound_has_silent_tracks_where_each_channel_has_one() {
    mkdir in
    ffmpeg -v error -f lavfi -i testsrc2=size=64x48:rate=25:duration=1.2 -c:v ffv1 in/a.mkv
    pipeline <<'Y'
outputs:
  mxf: {to: a.mxf, encode: {video: {codec: mpeg2video, bitrate: 5M}, audio: {codec: pcm_s24le, mono_tracks: 4}}, expect: {audio_tracks: 4, channels: 1}}
  mov: {to: a.mov, encode: {video: {codec: mjpeg}, audio: {codec: pcm_s16le, mono_tracks: 2}}, expect: {audio_tracks: 2, channels: 1}}
  flac: {to: a.mkv, encode: {video: {codec: copy}, audio: {codec: flac, mono_tracks: 2}}, expect: {audio_tracks: 2, channels: 1}}
  aac: {to: a.mp4, encode: {video: {codec: mjpeg}, audio: {codec: aac, sample_rate: 44100, mono_tracks: 2}}, expect: {audio_tracks: 2, sample_rate: 44100}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect "$(ffmpeg -v error -i out/a.mkv -map 0:a:1 -f s16le - | cmp -n $((2 * 57600)) - /dev/zero && echo silence)" silence flac
    for file in out/a.mxf out/a.mov out/a.mp4; do
        ffprobe -v error -select_streams a -show_entries stream=duration -of json $file >tracks.json
        expect_json tracks.json '.streams | length > 1 and all(.duration == "1.200000")'
    done
}

# Another codec, rate, number of channels and length than the first track's. MXF has no mark for it: there it comes first.
test_a_default_sound_track_that_is_not_the_first_is_the_one_that_is_judged() {
    mkdir in
    ff -f lavfi -i testsrc2=size=64x48:rate=25:duration=1 -f lavfi -i sine=sample_rate=44100:duration=1 \
        -f lavfi -i sine=sample_rate=48000:duration=0.8 -map 0 -map 1 -map 2 -c:v mpeg4 -c:a:0 ac3 -c:a:1 aac -ac:a:1 2 \
        -disposition:a:0 0 -disposition:a:1 default in/a.mkv
    pipeline <<'Y'
outputs:
  mkv: {to: a.mkv, encode: {video: {codec: copy}, audio: {codec: copy}}, expect: {channels: 2, sample_rate: 48000, audio_codec: aac}}
  mp4: {to: a.mp4, encode: {video: {codec: copy}, audio: {codec: copy}}, expect: {channels: 2, sample_rate: 48000, audio_codec: aac}}
  mov: {steps: [loudness: -30 LUFS], to: a.mov, encode: {video: {codec: mjpeg}, audio: {codec: pcm_s16le}}, expect: {channels: 2, audio_tracks: 2}}
  mxf: {to: a.mxf, encode: {video: {codec: mpeg2video, bitrate: 5M}, audio: {codec: pcm_s24le}}, expect: {channels: 2, audio_tracks: 2}}
Y
    run
}

# What the muxer says is the reason: that of a codec comes with its header, that of a profile with the first packet.
test_a_copy_that_a_container_refuses_says_why() {
    mkdir in
    film in/a.mp4 1 25
    pipeline <<'Y'
outputs:
  o: {to: "${stem}.mxf", encode: {container: mxf, video: {codec: copy}}}
Y
    run 1
    expect_said err "can't hold these streams (h264): h264 profile not supported; instead of \`copy\`"
    rm -rf out
    ff -i in/a.mp4 -c:v ffv1 in/a.mkv
    rm in/a.mp4
    sed -i 's/mxf/mp4/g' p.yaml
    run 1
    expect_said err "(ffv1): Could not find tag for codec ffv1"
}

# Nothing else of the job needs the film to its end.
test_a_file_of_subtitles_alone_has_all_of_them() {
    mkdir in
    for n in $(seq 0 99); do
        printf '%d\n00:%02d:%02d,000 --> 00:%02d:%02d,500\ncue %d\n\n' $((n + 1)) $((n * 3 / 60)) $((n * 3 % 60)) \
            $((n * 3 / 60)) $((n * 3 % 60)) "$n"
    done >many.srt
    ff -f lavfi -i testsrc2=size=64x48:rate=5:duration=300 -i many.srt -c:v libx264 -preset ultrafast -c:s srt in/a.mkv
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs: {o: {to: "${stem}.vtt"}}
Y
    run
    expect "$(grep -c '^cue' out/a.vtt)" 100 cues
}

# RIFF's AVI counts chunks in the order of decoding.
# hashes_of FILE FILTER
hashes_of() { ff -i "$1" -map 0:v -vf "$2" -fps_mode passthrough -f framemd5 - | grep -v '^#' | cut -d, -f6; }

# FFmpeg's muxer writes no offsets of H.264, and of MPEG-2 it does.
test_b_pictures_of_an_mxf_without_offsets_are_shown_in_their_order_at_a_constant_rate() {
    mkdir in
    ff -f lavfi -i testsrc2=size=320x180:rate=25:duration=4 -c:v ffv1 all.mkv
    ff -i all.mkv -c:v libx264 -bf 2 -g 30 in/a.mxf
    ff -i all.mkv -c:v mpeg2video -bf 2 -g 30 -b:v 4M in/b.mxf
    pipeline <<'Y'
outputs:
  all: {to: "${stem}.mkv", encode: {video: {codec: ffv1}}}
  trim: {steps: [trim: {from: 3s, length: 10f}], to: "${stem}-trim.mkv", encode: {video: {codec: ffv1}}}
  may: {to: "${stem}.mov"}
Y
    run
    for name in a b; do
        hashes_of "in/$name.mxf" null >asked
        hashes_of "out/$name.mkv" null >got
        cmp asked got || fail "other pictures"
        expect "$(hashes_of "out/$name-trim.mkv" null)" "$(sed -n 76,85p asked)" trim
        expect "$(ffprobe -v error -show_entries packet=pts -of csv=p=0 "out/$name.mkv" | head -3 | paste -sd ' ')" "0 40 80" times
    done
    expect_json $REPORT '[.outputs[] | select(.output == "may") | .steps[0]] ==
        ["picture encoded: this MXF doesn\u0027t say when pictures are shown that are stored in another order (B pictures)", "picture copied unchanged"]'
}

test_b_pictures_of_avi_and_bare_streams_are_encoded_since_nothing_says_when_they_are_shown() {
    mkdir in
    ff -f lavfi -i testsrc2=size=64x48:rate=25:duration=2 -c:v libx264 -bf 2 in/a.avi
    ff -f lavfi -i testsrc2=size=64x48:rate=25:duration=2 -c:v libx264 -bf 0 in/b.avi
    ff -f lavfi -i testsrc2=size=64x48:rate=25:duration=2 -c:v libx264 -bf 2 in/c.h264
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs: {o: {to: "${stem}.mkv"}}
Y
    run
    expect "$(jq -r '[.outputs[] | select(.steps | any(startswith("picture encoded: AVI doesn"))) | .path] | join(" ")' $REPORT)" a.mkv encoded
    expect "$(jq -r '[.outputs[] | select(.steps | any(startswith("picture encoded: a bare stream"))) | .path] | join(" ")' $REPORT)" c.mkv encoded
    sed -i 's/}}$/, encode: {video: {codec: copy}}}}/' p.yaml
    expect_exit 1 rushes run p.yaml in -o copied
    expect_said out "the picture can't be copied: AVI doesn't say when pictures are shown"
    expect_file copied/b.mkv
}

# FFmpeg writes nothing between cues into fragments, and doesn't tell how long these last.
test_cues_of_fragments_of_ffmpeg_end_before_the_next() {
    mkdir in
    printf '%s\n' 1 '00:00:01,000 --> 00:00:02,200' a '' 2 '00:00:20,000 --> 00:00:22,700' b '' >s.srt
    ff -f lavfi -i testsrc2=size=64x48:rate=25:duration=24 -i s.srt -c:v libx264 -g 25 -bf 0 -c:s srt av.mkv
    ff -i av.mkv -c copy -c:s mov_text -movflags frag_keyframe+empty_moov in/a.mp4
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  text: {to: a.srt}
  film: {to: a.mkv, encode: {video: {codec: copy}}}
Y
    run
    ff -i out/a.mkv -map 0:s film.srt
    for file in out/a.srt film.srt; do
        expect "$(grep -- '-->' $file | tr '\n' '|')" '00:00:01,000 --> 00:00:02,200|00:00:20,000 --> 00:00:22,700|' $file
    done
}

# An edit moves the times that libavformat tells by 0.1 s, so that no length is found by them.
test_cues_of_fragments_whose_lengths_are_not_found_last_until_the_next() {
    mkdir in
    printf '%s\n' 1 '00:00:01,000 --> 00:00:02,200' a '' 2 '00:00:20,000 --> 00:00:22,700' b '' >s.srt
    ff -f lavfi -i testsrc2=size=64x48:rate=25:duration=24 -i s.srt -c:v libx264 -g 25 -bf 0 -c:s srt av.mkv
    ff -i av.mkv -c copy -c:s mov_text -movflags frag_keyframe+delay_moov in/a.mp4
    edit=$(grep -abo elst in/a.mp4 | tail -1 | cut -d: -f1)
    printf '\0\1\206\240' | dd of=in/a.mp4 bs=1 seek=$((edit + 16)) conv=notrunc 2>dd.log
    printf 'rushes: 1\nto: a.srt\n' >p.yaml
    run
    expect "$(grep -- '-->' out/a.srt | tr '\n' '|')" '00:00:00,900 --> 00:00:19,900|00:00:19,900 --> 00:00:22,600|' text
}

# A sample of timed text lasts until the next (3GPP TS 26.245); libavformat doesn't tell that of fragments.
test_cues_of_fragments_have_their_lengths() {
    mkdir in
    printf '%s\n' 1 '00:00:00,500 --> 00:00:01,200' a '' 2 '00:00:02,000 --> 00:00:02,700' b '' 3 '00:00:03,000 --> 00:00:03,900' c '' >s.srt
    ff -f lavfi -i testsrc2=size=64x48:rate=25:duration=4 -i s.srt -c:v libx264 -g 25 -c:s srt in/a.mkv
    pipeline <<'Y'
outputs:
  parts: {to: parts.mp4, encode: {fragment: 1s, video: {codec: h264}}}
  whole: {from: parts, to: whole.srt}
  film: {from: parts, to: film.mkv, encode: {video: {codec: copy}}}
  cut: {from: parts, to: cut.mp4, steps: [trim: {from: 1s, to: 3.5s}], encode: {video: {codec: h264}}}
Y
    run
    expect "$(grep -- '-->' out/whole.srt | tr '\n' '|')" \
        '00:00:00,500 --> 00:00:01,200|00:00:02,000 --> 00:00:02,700|00:00:03,000 --> 00:00:03,900|' whole
    expect "$(ffmpeg -v error -i out/film.mkv -map 0:s -f srt - | grep -- '-->' | tail -1)" '00:00:03,000 --> 00:00:03,900' film
    expect "$(ffmpeg -v error -i out/cut.mp4 -map 0:s -f srt - | grep -- '-->' | tr '\n' '|')" \
        '00:00:00,000 --> 00:00:00,200|00:00:01,000 --> 00:00:01,700|00:00:02,000 --> 00:00:02,500|' cut
}

# ISO/IEC 14496-3, table 1.19: configuration 6 is C, L, R, Ls, Rs, LFE; decoded AC-3 has its surrounds at the side.
test_surround_at_the_side_is_of_a_configuration_that_players_know_in_aac() {
    mkdir in
    ff -f lavfi -i 'aevalsrc=0.1*sin(440*t)|0.1*sin(550*t)|0.1*sin(660*t)|0.3*sin(300*t)|0|0:c=5.1(side):d=1:s=48000' -c:a pcm_s16le in/a.wav
    ff -f lavfi -i testsrc2=size=64x48:rate=25:duration=1 -i in/a.wav -c:v libx264 -c:a ac3 in/b.mkv
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs: {o: {to: "${stem}.m4a", encode: {audio: {codec: aac}}}}
Y
    run
    for file in out/a.m4a out/b.m4a; do
        expect "$(ffprobe -v error -show_entries stream=channel_layout -of csv=p=0 $file)" 5.1 "layout of $file"
    done
    ffmpeg -nostdin -i out/a.m4a -af 'pan=mono|c0=LFE,volumedetect' -f null - 2>&1 | grep -oE 'mean_volume: -[0-9]+' >lfe
    expect "$(cat lfe)" 'mean_volume: -13' LFE
}

# "\p1" draws with letters and numbers (ASS).
test_drawings_are_no_words_of_other_subtitles() {
    mkdir in
    printf '%s\n' '[Script Info]' 'ScriptType: v4.00+' '[V4+ Styles]' \
        'Format: Name, Fontname, Fontsize, PrimaryColour, Alignment' 'Style: Default,Arial,20,&H00FFFFFF,2' '[Events]' \
        'Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text' \
        'Dialogue: 0,0:00:00.50,0:00:01.00,Default,,0,0,0,,{\pos(1,2)\p1}m 0 0 l 100 0 100 100{\p0}' \
        'Dialogue: 0,0:00:01.00,0:00:01.50,Default,,0,0,0,,{\p1}m 0 0 l 9 9{\p0}one {\pos(3,4)}two' >s.ass
    ff -f lavfi -i testsrc2=r=25:d=2:s=64x64 -i s.ass -c:v libx264 -c:s ass in/a.mkv
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  mp4: {to: "${stem}.mp4"}
  mkv: {to: "${stem}.mkv"}
  srt: {to: "${stem}.srt"}
Y
    run
    expect "$(cues_in out/a.mp4 | sed 's/<[^>]*>//g')" '1.000 one two' mp4
    expect "$(sed -n 's/<[^>]*>//g; 3,$p' out/a.srt | xargs)" 'one two' srt
    expect "$(ffmpeg -v error -i out/a.mkv -map 0:s -c copy -f ass - | grep -c 'm 0 0 l')" 2 mkv
}

# MXF as it is mostly written says nothing of them; FLAC (RFC 9639, 9.1.3) does.
test_channels_that_nobody_named_are_told_what_they_are_taken_for() {
    mkdir in
    ff -f lavfi -i testsrc2=size=1920x1080:rate=25:duration=0.4 -f lavfi -i sine=duration=0.4:r=48000 -ac 6 -c:v mpeg2video -c:a pcm_s16le in/a.mxf
    ff -f lavfi -i sine=duration=0.4:r=48000 -ac 6 -c:a flac in/b.mkv
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs: {o: {to: "${stem}.wav", encode: {audio: {codec: pcm_s16le, channels: 2}}}}
Y
    run
    expect "$(jq -r '[.outputs[] | select(.steps | any(contains("what its 6 channels are: taken as 5.1"))) | .path] | join(" ")' \
        $REPORT)" a.wav told
}

# When each cue of a film begins and what it says, as FFmpeg reads it: "0.000 a|1.000 a b".
cues_in() {
    ffmpeg -v error -i "$1" -map 0:s -f srt - | tr -d '\r' |
        awk -v RS= -F '\n' '{ t = substr($2, 7, 6); sub(",", ".", t); sub("^0", "", t)
            for (i = 3; i <= NF; i++) t = t " " $i; print t }' | paste -sd '|'
}

# 3GPP TS 26.245: a track shows one sample at a time. libavformat put what overlapped later and later.
test_cues_that_overlap_keep_their_times_where_one_is_shown_at_a_time() {
    local file want='0.000 a|1.000 a b|1.400 b|2.000 b c|2.400 c|3.400 d'
    printf '%s\n' 1 '00:00:00,000 --> 00:00:01,400' a '' 2 '00:00:01,000 --> 00:00:02,400' b '' \
        3 '00:00:02,000 --> 00:00:03,400' c '' 4 '00:00:03,400 --> 00:00:04,000' d '' >s.srt
    mkdir in
    ff -f lavfi -i testsrc2=r=25:d=5:s=64x64 -i s.srt -c:v libx264 -g 10 -c:s srt in/a.mkv
    pipeline <<'Y'
outputs:
  mp4: {to: "${stem}.mp4", encode: {video: {codec: copy}}, keep: [subtitles]}
  mov: {to: "${stem}.mov", encode: {video: {codec: h264}}, keep: [subtitles]}
  fragments: {to: "f/${stem}.mp4", encode: {fragment: 1s, video: {codec: h264}}, keep: [subtitles]}
Y
    run
    for file in out/a.mp4 out/a.mov out/f/a.mp4; do
        expect "$(cues_in "$file")" "$want" "cues of $file"
    done
    expect "$(jq '[.outputs[].steps[] | select(contains("3 cues overlap others"))] | length' $REPORT)" 3 steps
}

test_cues_that_begin_together_do_so_in_every_container_that_shows_several() {
    mkdir in
    printf '1\n00:00:00,500 --> 00:00:01,500\none\n\n2\n00:00:00,500 --> 00:00:01,500\ntwo\n' >cues.srt
    ff -f lavfi -i testsrc2=size=64x48:rate=25:duration=2 -i cues.srt -map 0 -map 1 -c:v mpeg4 -c:s srt in/a.mkv
    pipeline <<'Y'
outputs:
  srt: {to: a.srt}
  vtt: {to: a.vtt}
  mkv: {to: a.mkv, encode: {video: {codec: copy}}}
Y
    run
    for ext in srt vtt mkv; do
        expect "$(ffprobe -v error -select_streams s -show_entries packet=pts_time,duration_time -of csv=p=0 out/a.$ext | uniq -c | xargs)" \
            "2 0.500000,1.000000" "$ext"
    done
}

test_a_file_of_subtitles_without_a_cue_is_empty() {
    mkdir in
    cues
    film p.mkv 8 25
    ff -i p.mkv -i words.srt -map 0 -map 1 -c copy in/a.mkv
    pipeline <<'Y'
inputs: {include: ["*"]}
steps: [trim: {from: 7.5s}]
outputs:
  srt: {to: "${stem}.srt"}
  vtt: {to: "${stem}.vtt"}
Y
    run
    expect "$(cat out/a.srt)" "" srt
}

# pgs SEGMENT-TYPE HEX-DATA, at $at milliseconds: a segment of a .sup file (US 2009/0185789; times of 90 kHz)
pgs() {
    local text
    text=$(printf '5047%08x00000000%s%04x%s' $((at * 90)) "$1" $((${#2} / 2)) "$2")
    printf "$(sed 's/../\\x&/g' <<<"$text")"
}

# It is shown for two seconds (FFmpeg moves it to the start), and taken off by a composition of no object.
test_a_subtitle_of_pictures_that_is_seen_where_a_trim_begins_is_kept() {
    mkdir in
    {
        at=1000 line=01010101010101010000
        pgs 16 00a00078100001800000010000000000000000
        pgs 17 01000000000000080008
        pgs 14 000001108080ff
        pgs 15 00000000c000005400080008$line$line$line$line$line$line$line$line
        pgs 80 ''
        at=3000
        pgs 16 00a0007810000200000000
        pgs 17 01000000000000080008
        pgs 80 ''
    } >words.sup
    film p.mkv 4 25
    ff -i p.mkv -i words.sup -map 0 -map 1 -c copy in/a.mkv
    pipeline <<'Y'
inputs: {include: ["*"]}
steps: [trim: {from: 1s}]
outputs: {o: {to: "${stem}.mkv", encode: {video: ffv1}, keep: subtitles}}
Y
    run
    expect "$(ffprobe -v error -select_streams s -show_entries packet=pts_time -of csv=p=0 out/a.mkv | tr '\n' ' ')" \
        "0.000000 1.000000 " times
}

# The empty sample of timed text before its first cue (3GPP TS 26.245) is none.
test_text_without_a_cue_yet_has_none() {
    mkdir in
    cues
    film p.mp4 5 25
    ff -i p.mp4 -i words.srt -map 0 -map 1 -c copy -c:s mov_text in/a.mp4
    pipeline <<'Y'
inputs: {include: ["*"]}
steps: [trim: {to: 0.3s}]
outputs: {o: {to: "${stem}.vtt"}}
Y
    run
    expect "$(cat out/a.vtt)" WEBVTT vtt
    expect "$(jq '[.outputs[].steps[] | select(contains("cue"))] | length' $REPORT)" 0 steps
}

# markers FILE: the chunk behind the samples of an AIFF file (1.3: numbers and lengths, the highest byte first)
markers() { python3 - "$1" <<'P'
import struct, sys
data = open(sys.argv[1], 'rb').read()
assert struct.unpack('>I', data[4:8])[0] == len(data) - 8
at = data.rindex(b'MARK') + 8
count, at = struct.unpack('>H', data[at:at + 2])[0], at + 2
for number in range(1, count + 1):
    id, sample, length = struct.unpack('>hIB', data[at:at + 7])
    assert id == number
    print(sample, data[at + 7:at + 7 + length].decode(), end='; ')
    at += 7 + (length | 1)
assert at == len(data)
P
}

# chaptered FILE: 4 s at 25 fps, three chapters that begin at 0, 1 and 2.5 s
chaptered() {
    printf ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1000\ntitle=One\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=1000\nEND=2500\ntitle=Zwölf\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=2500\nEND=4000\ntitle=Three\n' >chapters.txt
    film p.mov 4 25
    ff -i p.mov -f lavfi -i sine=sample_rate=48000:duration=4 -i chapters.txt -map 0 -map 1 -map_chapters 2 -c:v copy \
        -c:a pcm_s16le -timecode 10:00:00:00 "$1"
}

test_chapters_of_a_film_are_cue_points_of_its_sound() {
    mkdir in
    chaptered in/a.mov
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  wav: {to: "${stem}.wav", encode: {audio: {sample_rate: 44100}}, keep: chapters}
  aiff: {to: "${stem}.aiff", keep: chapters}
  part: {to: "part.wav", steps: [trim: {from: 1.2s, to: 2.4s}], keep: chapters}
  late: {to: "late.aiff", steps: [trim: {from: 1.2s}], keep: chapters}
  fast: {to: "fast.wav", steps: [speed: 2]}
Y
    run
    expect "$(ffprobe -v error -show_entries chapter=start:chapter_tags=title -of csv=p=0 out/a.wav | tr '\n' ' ')" \
        "0,One 44100,Zwölf 110250,Three " wav
    expect "$(markers out/a.aiff)" "0 One; 48000 Zwölf; 120000 Three; " aiff
    expect "$(ffprobe -v error -show_entries chapter=start:chapter_tags=title -of csv=p=0 out/part.wav)" "0,Zwölf" "a part"
    expect "$(markers out/late.aiff)" "0 Zwölf; 62400 Three; " "a part as aiff"
    expect "$(fate chapters)" kept wav
    expect_json $REPORT '.outputs[] | select(.path == "part.wav") | .carried | any(.keep == "chapters" and .before == "3" and .after == "1")'
    expect_json $REPORT '.outputs[] | select(.path == "fast.wav") | .lost | any(. == "3 chapters: they can'"'"'t follow a change of time")'
}

# libsndfile loses its way behind long lists of markers, and reads no more than 2500.
test_many_long_cue_points_of_aiff_are_where_they_belong() {
    mkdir in
    {
        echo ';FFMETADATA1'
        for i in $(seq 0 2999); do
            printf '[CHAPTER]\nTIMEBASE=1/1000\nSTART=%d\nEND=%d\ntitle=%0100d\n' $i $((i + 1)) $i
        done
    } >chapters.txt
    ff -f lavfi -i sine=sample_rate=48000:duration=3 -i chapters.txt -map 0 -map_chapters 1 -c:a flac in/a.mka
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  all: {to: "${stem}.aiff", keep: chapters}
  late: {to: "late.aiff", steps: [trim: {from: 1s}], keep: chapters}
Y
    run
    expect "$(markers out/a.aiff | tr -cd ';' | wc -c)" 3000 "as many"
    expect "$(markers out/late.aiff | cut -d' ' -f1-2)" "0 $(printf '%0100d;' 1000)" "the first of a part"
    mkdir again
    cp out/a.aiff again/
    expect_exit 0 rushes run p.yaml again -o out2
    cmp out/a.aiff out2/a.aiff || fail "as they were"
}

# QuickTime has them as a track of text, which is data to libavformat.
test_the_track_of_a_movies_chapters_is_no_data_of_its_sound_file() {
    mkdir in
    chaptered in/a.mov
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  w64: {to: "${stem}.w64", keep: data}
  wav: {to: "${stem}.wav", keep: data}
Y
    run
    expect_json $REPORT '[.outputs[].carried[] | select(.before == "bin_data") | [.keep, .fate, .why]] ==
        [["chapters", "dropped", "see chapters"], ["chapters", "converted", "see chapters"]]'
}

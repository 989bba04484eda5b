# Sound that is shorter than a page or a tick of its container. What is made is decoded by ffmpeg alone.
# Label: media

ff() { ffmpeg -nostdin -v error -y "$@"; }

# samples FILE: as decoded
samples() { echo $(($(ff -i "$1" -f s16le -ac 1 - | wc -c) / 2)); }

# noise FILE SAMPLES RATE OPTIONS…
noise() { ff -f lavfi -i "anoisesrc=seed=3:sample_rate=$3" -af "atrim=end_sample=$2" "${@:4}" "$1"; }

test_vorbis_of_a_single_page_is_as_long_as_it_was() {
    mkdir in
    local n to
    for n in 100 500 5000 9000; do
        noise in/$n.ogg $n 48000 -c:a libvorbis
    done
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  wav: {to: "${stem}.wav"}
  mka: {to: "${stem}.mka", encode: {audio: {codec: copy}}}
  weba: {to: "${stem}.weba", encode: {audio: {codec: copy}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    for n in 100 500 5000 9000; do
        for to in wav mka weba; do
            [ "$(samples "out/$n.$to")" = "$n" ] || fail "$n.$to: $(samples "out/$n.$to") samples"
        done
    done
}

# loudest FILE: the largest of the first 64 samples, and of the last
loudest() {
    local bytes
    ff -i "$1" -f s16le samples
    for bytes in head tail; do
        $bytes -c 128 samples | od -An -v -td2 | tr -s ' ' '\n' | tr -d - | sort -n | tail -1
    done
}

# Frames of AC-3 have 1536 samples, and 256 of its last are held until more come: of these lengths they fit into the last
# frame, or not, or there is none begun. What is read by us is compared with what went in.
test_sound_of_every_codec_comes_back_from_its_first_sample_to_its_last() {
    mkdir in
    local n codec file
    for n in 46080 46000 44700; do
        ff -f lavfi -i sine=440:sample_rate=48000 -af "atrim=end_sample=$n,volume=6dB" in/s$n.wav
    done
    for codec in ac3 eac3 aac mp3 opus flac vorbis; do
        pipeline <<Y
outputs:
  a: {to: "\${stem}-$codec.mka", encode: {container: mka, audio: {codec: $codec}}}
  b: {to: "\${stem}-$codec.mp4", encode: {container: mp4, video: {codec: none}, audio: {codec: $codec}}}
Y
        [ $codec = vorbis ] && sed -i /mp4/d p.yaml
        expect_exit 0 rushes run p.yaml in -o coded
    done
    pipeline <<'Y'
outputs:
  w: {to: "${name}.wav", encode: {container: wav, audio: {codec: pcm_s16le}}}
Y
    expect_exit 0 rushes run p.yaml coded -o out
    [ "$(ls out/*.wav | wc -l)" = 39 ] || fail "not all came back"
    for file in out/*.wav; do
        n=${file#out/s} n=${n%%-*}
        [ "$(ffprobe -v error -show_entries stream=duration_ts -of csv=p=0 "$file")" = "$n" ] || fail "$file is of another length"
        for loud in $(loudest "$file"); do
            [ "$loud" -gt 2000 ] || fail "$file: silent at an end ($loud)"
        done
    done
}

# Times that come up to ten samples early or late, as some recorders write them; the packets say how many they have.
test_copied_sound_whose_times_jitter_is_counted_by_its_packets() {
    mkdir in
    ff -f lavfi -i anoisesrc=seed=2:sample_rate=48000:duration=2 -c:a alac -bsf:a "setts=ts=TS+mod(N\\,3)*5" in/a.mov
    ff -f lavfi -i anoisesrc=seed=2:sample_rate=48000:duration=2 -c:a flac -strict -2 -bsf:a "setts=ts=TS+mod(N\\,3)*5" in/b.mp4
    pipeline <<'Y'
outputs:
  a: {to: "${stem}.mp4", encode: {container: mp4, video: {codec: none}, audio: {codec: copy}}}
  b: {to: "${stem}.mka", encode: {container: mka, audio: {codec: copy}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    local file
    for file in out/*.m??; do
        [ "$(samples $file)" = 96000 ] || fail "$file: $(samples $file) samples"
    done
}

test_tta_is_not_copied_into_matroska() {
    mkdir in
    noise in/a.tta 100000 44100
    pipeline <<'Y'
outputs:
  a: {to: "${stem}.mka", encode: {container: mka, audio: {codec: copy}}}
Y
    expect_exit 1 rushes run p.yaml in -o out
    expect_said err "such as flac"
    sed -i 's/copy/flac/' p.yaml
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(samples out/a.mka)" = 100000 ] || fail "$(samples out/a.mka) samples"
}

# As GStreamer writes it: the first packet's time is that of what is heard of it, where FFmpeg's is that of its priming.
test_opus_of_a_transport_stream_begins_with_what_is_heard_of_it() {
    mkdir in
    noise in/a.ogg 48000 48000 -c:a libopus
    ff -i in/a.ogg -c copy -bsf:a "setts=ts='if(eq(N,0),TS+585,TS)'" -pes_payload_size 0 in/a.ts
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs: {wav: {to: "${name}.wav"}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    local file
    for file in ogg ts; do
        ff -i out/a.$file.wav -af atrim=end_sample=47000 -f md5 $file
    done
    cmp ogg ts || fail 'other samples'
}

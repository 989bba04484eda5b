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

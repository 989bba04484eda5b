# `reproducible: strict`: the same bytes whatever the machine is busy with (trap 38 of picture).
# Label: media

TINY=$FILES/tiny

# strict CORES FOLDER: as if the machine had so many
strict() { expect_exit 0 taskset -c "0-$(($1 - 1))" rushes run p.yaml in -o "$2" -j 1 --verify off; }

# taskset starts no functions
taskset() { command taskset "${@:1:2}" "$RUSHES" "${@:4}"; }

test_bytes_are_the_same_on_one_core_and_on_two() {
    [ "$(nproc)" -ge 2 ] || skip "one core"
    mkdir in
    cp "$TINY/clip.mov" in
    pipeline <<'Y'
reproducible: strict
outputs:
  h264: {to: "${stem}.mp4", encode: {video: {codec: h264, bitrate: 200 kbit/s, maxrate: 300 kbit/s, bufsize: 300 kbit/s}}}
  hevc: {to: "${stem}.mkv", encode: {video: {codec: hevc, bitrate: 200 kbit/s, preset: ultrafast}, audio: {codec: aac}}}
  vp9: {to: "${stem}.webm", encode: {video: {codec: vp9, bitrate: 200 kbit/s, options: {cpu-used: 8}}}}
  prores: {to: "${stem}.mov", encode: {video: {codec: prores, profile: proxy}}}
  mpeg: {to: "${stem}.mxf", encode: {video: {codec: dnxhd, profile: dnxhr_lb}}, steps: [resize: {width: 320, height: 180, upscale: true}]}
  flac: {to: "${stem}.flac"}
  jpeg: {to: "${stem}.jpg", steps: [still: 50%]}
Y
    strict 1 one
    strict 2 two
    for file in $(published one); do
        cmp "one/$file" "two/$file" || fail "$file differs"
    done
    [ "$(published one | wc -l)" = 7 ] || fail "other outputs: $(published one)"
    ! grep -qE "Lav[fc][0-9]" one/clip.mkv one/clip.webm one/clip.mxf || fail "a file names its library's version"
}

# glibc fills what it gives with this byte.
test_h264_is_the_same_whatever_was_in_the_memory() {
    mkdir in
    ffmpeg -v error -f lavfi -i testsrc2=size=160x128:rate=25:duration=1.6 -pix_fmt yuv420p -c:v ffv1 in/a.mkv
    pipeline <<'Y'
reproducible: strict
encode: {video: {codec: h264}}
to: "${stem}.mp4"
Y
    for byte in 85 170; do
        export GLIBC_TUNABLES=glibc.malloc.perturb=$byte
        expect_exit 0 rushes run p.yaml in -o "of-$byte" -j 1 --verify off
    done
    unset GLIBC_TUNABLES
    cmp of-85/a.mp4 of-170/a.mp4 || fail "other bytes with other memory"
}

# zscale's ordered dither depends on how many slices of a picture are made at once.
test_bytes_of_a_smaller_picture_are_the_same_with_one_job_and_with_two() {
    mkdir in
    ffmpeg -v error -f lavfi -i testsrc2=size=322x242:rate=25:duration=0.2 -pix_fmt yuv420p -c:v ffv1 in/a.mkv
    cp in/a.mkv in/b.mkv
    pipeline <<'Y'
reproducible: strict
steps: [resize: {width: 200}]
encode: {video: {codec: ffv1, pix_fmt: yuv420p}}
to: "${stem}.mkv"
Y
    for jobs in 1 2; do
        expect_exit 0 rushes run p.yaml in -o "by-$jobs" -j $jobs --verify off
    done
    cmp by-1/a.mkv by-2/a.mkv || fail "other bytes with another -j"
}

test_changing_it_makes_an_output_stale() {
    mkdir in
    cp "$TINY/tone.wav" in
    pipeline <<'Y'
encode: {audio: {codec: flac}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    sed -i '1a reproducible: strict' p.yaml
    expect_exit 0 rushes run p.yaml in -o out
    expect_status out tone.flac done
}

# reproducible-builds.org: SOURCE_DATE_EPOCH is seconds since 1970, in UTC.
test_date_is_that_of_source_date_epoch() {
    mkdir in
    cp "$TINY/tone.wav" in
    pipeline <<'Y'
to: "${date}/${stem}.flac"
Y
    SOURCE_DATE_EPOCH=1709208000 expect_exit 0 rushes run p.yaml in -o out
    expect_file out/2024-02-29/tone.flac
}

# Steps that look the whole film over before they change it, in runs as a user starts them.
# Label: media

TINY=$FILES/tiny

# looked STEP: a film with this step, its other output and a second run
looked() {
    mkdir -p in
    cp "$TINY/clip.mov" in/a.mov
    pipeline <<Y
outputs:
  looked: {to: "\${stem}.mp4", steps: [$1], encode: {video: {codec: h264, options: {preset: ultrafast}}}}
  other: {to: "\${stem}.mkv", encode: {video: {codec: ffv1}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_file out/a.mp4
    expect_file out/a.mkv
    expect_exit 0 rushes run p.yaml in -o out
    expect_status out a.mp4 up_to_date
}

test_autocrop_of_a_run() { looked autocrop; }

test_stabilise_of_a_run() { looked stabilise; }

test_deflicker_of_a_run() { looked deflicker; }

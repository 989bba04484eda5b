# Photographs as deliverables: their colours, their tags, their size.
# Label: media

# A photograph with a name, and the profile of a press (libvips' own).
photo_and_press() {
    mkdir -p in
    cp "$FILES/tiny/photo.jpg" in/a.jpg
    vips icc_transform in/a.jpg cmyk.tif cmyk
    vipsheader -f icc-profile-data cmyk.tif | base64 -d > coated.icc
}

profile_of() { vipsheader -f icc-profile-data "$1" | base64 -d | md5sum; }

test_print_is_in_the_profile_of_the_press() {
    photo_and_press
    pipeline <<'Y'
outputs:
  print: {to: "${stem}.tif", encode: {image: {profile: coated.icc}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    vipsheader out/a.tif | grep -q cmyk || fail "not in CMYK"
    [ "$(profile_of out/a.tif)" = "$(md5sum < coated.icc)" ] || fail "another profile is embedded"
    expect_json out/.rushes/last/report.json '.outputs[0].steps[0] | startswith("converted from sRGB")'
    printf ' ' >> coated.icc
    expect_exit 0 rushes plan p.yaml in -o out
    expect_said out "settings changed: profile"
}

test_press_profile_that_is_missing_is_pointed_at() {
    photo_and_press
    rm coated.icc
    pipeline <<'Y'
outputs:
  print: {to: "${stem}.tif", encode: {image: {profile: coated.icc}}}
Y
    expect_exit 2 rushes plan p.yaml in -o out
    expect_said err 'encode.image.profile: there is no file "coated.icc"'
}

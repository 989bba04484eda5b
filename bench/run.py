#!/usr/bin/env python3
"""Paired benchmarks: rushes against the best command a user would write by hand.

    bench/run.py [--bin build/release/bin] [--runs 5] [NAME…]

Each pair does the same work with the same encoder settings; the two run in turn (A B A B …) on the
same machine, and the ratio of the medians is printed. rushes runs with --verify off, because the peers
verify nothing; what --verify full costs is printed beside it. Needs ffmpeg for the peers.
"""
import argparse, functools, json, os, pathlib, resource, shutil, sqlite3, statistics, subprocess, sys, tempfile, time

import stills

ROOT = pathlib.Path(__file__).resolve().parent
THREE = ROOT / "three-outputs.yaml"
NIGHT = ROOT / "night"
RACY_S = 3  # what was written a moment ago isn't trusted to stay so, and is looked at again


def sh(command, cwd):
    return subprocess.run(command, shell=True, cwd=cwd, check=True, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL)


def built(bin_dir, name):
    """A bench's own program, as its source is now: building everything leaves it out."""
    subprocess.run(["cmake", "--build", bin_dir.parent, "--target", name], check=True, stdout=subprocess.DEVNULL)
    return bin_dir.parent / "bench" / name


def timed(command, cwd, made):
    """Seconds of wall and of CPU. What was made is set aside, not deleted: after a thousand deletions ext4 spends seconds on
    looking for inodes that weren't just freed, at the cost of whoever runs next."""
    start, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    sh(command, cwd)
    seconds, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    for path in made:
        if path.exists():
            path.rename(pathlib.Path(tempfile.mkdtemp(dir=cwd)) / path.name)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def pair(name, work, ours, theirs, runs, full=None):
    columns = {"rushes": ours, "peer": theirs}
    if full:
        columns["rushes, --verify full"] = full
    times = {key: [] for key in columns}
    for turn in range(runs + 1):
        for key, command in columns.items():
            both = timed(command, work, [work / "out", work / "peer"])
            if turn:  # the first is a warm-up
                times[key].append(both)
    medians = {key: [statistics.median(v) for v in zip(*values)] for key, values in times.items()}
    print(f"\n{name}")
    for key, values in times.items():
        walls, (wall, cpu) = [v[0] for v in values], medians[key]
        print(f"  {key:24s} {wall:8.3f} s   (min {min(walls):.3f}, max {max(walls):.3f}; CPU {cpu:.3f})")
    wall, cpu = (medians["rushes"][n] / medians["peer"][n] for n in range(2))
    print(f"  {'ratio rushes/peer':24s} {wall:8.3f}     (CPU {cpu:.3f})")
    sys.stdout.flush()
    return medians


def make_clip(path, seconds, seed):
    sh(f"ffmpeg -y -f lavfi -i testsrc2=s=1920x1080:r=25:d={seconds},noise=alls=3:allf=t:all_seed={seed} "
       f"-f lavfi -i sine=f=440:d={seconds},volume=0.3 -ac 2 -c:v libx264 -preset veryfast -crf 18 "
       f"-pix_fmt yuv420p -colorspace bt709 -color_primaries bt709 -color_trc bt709 -c:a aac -b:a 160k {path}", path.parent)


# The best hand-written command: one decode, split, one scale, the poster from the same decode.
PEER_THREE = (
    "mkdir -p peer && ffmpeg -v error -y -i {clip} -filter_complex "
    "\"[0:v]split=3[a][b][c];[b]scale=960:540:flags=lanczos[b1];[c]select='eq(n,62)'[c1]\" "
    "-map [a] -map 0:a -c:v libx264 -preset medium -crf 20 -pix_fmt yuv420p -c:a aac -b:a 160k -movflags +faststart peer/{n}-1080.mp4 "
    "-map [b1] -map 0:a -c:v libx264 -preset medium -crf 20 -pix_fmt yuv420p -c:a aac -b:a 160k -movflags +faststart peer/{n}-540.mp4 "
    "-map [c1] -frames:v 1 -q:v 3 peer/{n}.jpg")


def one_clip(bin_dir, work, runs):
    (work / "in").mkdir()
    make_clip(work / "in" / "clip1.mp4", 6, 1)
    ours = f"{bin_dir}/rushes run {THREE} in -o out --progress none --verify "
    pair("one clip to H.264 1080p, H.264 540p and a JPEG poster", work, ours + "off",
         PEER_THREE.format(clip="in/clip1.mp4", n=1), runs, ours + "full")


HEIGHTS = (1080, 720, 540, 360, 270, 180)


def ten_outputs(bin_dir, work, runs):
    """Six sizes of H.264, a poster, and the sound in three codecs, of one source."""
    (work / "in").mkdir()
    make_clip(work / "in" / "clip1.mp4", 6, 1)
    encode = "{video: {codec: h264, preset: veryfast, crf: 23, pix_fmt: yuv420p}, audio: {codec: aac, bitrate: 128k}}"
    rows = [f"  p{h}: {{steps: [resize: {{height: {h}}}], to: {h}.mp4, encode: {encode}}}" for h in HEIGHTS]
    rows += ["  poster: {steps: [still: {at: 62f}], to: poster.jpg, encode: {image: {quality: 85}}}",
             "  flac: {to: sound.flac}", "  wav: {to: sound.wav, encode: {audio: {codec: pcm_s24le, bext: never}}}",
             "  m4a: {to: sound.m4a, encode: {audio: {codec: aac, bitrate: 128k}}}"]
    (work / "ten.yaml").write_text("rushes: 1\noutputs:\n" + "\n".join(rows) + "\n")
    scaled = "".join(f"[v{h}]scale=-2:{h}:flags=lanczos[s{h}];" for h in HEIGHTS[1:])
    films = " ".join(f"-map [{'v' if h == 1080 else 's'}{h}] -map 0:a -c:v libx264 -preset veryfast -crf 23 -pix_fmt yuv420p "
                     f"-c:a aac -b:a 128k -movflags +faststart peer/{h}.mp4" for h in HEIGHTS)
    peer = ("mkdir -p peer && ffmpeg -v error -y -i in/clip1.mp4 -filter_complex \"[0:v]split=7"
            + "".join(f"[v{h}]" for h in HEIGHTS) + f"[p];{scaled}[p]select='eq(n,62)'[p1]\" {films} "
            "-map [p1] -frames:v 1 -q:v 3 peer/poster.jpg -map 0:a -c:a flac peer/sound.flac "
            "-map 0:a -c:a pcm_s24le peer/sound.wav -map 0:a -c:a aac -b:a 128k peer/sound.m4a")
    ours = f"{bin_dir}/rushes run ten.yaml in -o out --progress none --verify "
    pair("one clip to ten outputs", work, ours + "off", peer, runs, ours + "full")
    for cores in range(1, os.cpu_count() + 1):
        times = [timed(f"taskset -c 0-{cores - 1} {ours}off", work, [work / "out"])[0] for _ in range(runs)]
        print(f"  {cores} cores: {statistics.median(times):.3f} s")


def eight_clips(bin_dir, work, runs):
    (work / "in").mkdir()
    for n in range(8):
        make_clip(work / "in" / f"clip{n}.mp4", 3, n)
    ours = f"{bin_dir}/rushes run {THREE} in -o out --progress none --verify "
    command = PEER_THREE.format(clip="in/clip{}.mp4", n="{}").replace("'", "'\\''")
    pair("eight such clips, the peer under xargs -P2", work, ours + "off",
         f"seq 0 7 | xargs -P2 -I{{}} sh -c '{command}'", runs)


LOUDNORM = """
f=$1; n=$(basename $f .wav); mkdir -p peer
j=$(ffmpeg -hide_banner -nostats -i $f -af loudnorm=I=-23:TP=-1:LRA=20:print_format=json -f null - 2>&1 | sed -n '/^{/,/^}/p')
g() { printf '%s' "$j" | sed -n "s/.*\\"$1\\" : \\"\\(.*\\)\\".*/\\1/p"; }
ffmpeg -v error -y -i $f -af loudnorm=I=-23:TP=-1:LRA=20:measured_I=$(g input_i):measured_TP=$(g input_tp):measured_LRA=$(g input_lra):measured_thresh=$(g input_thresh):offset=$(g target_offset):linear=true -ar 48000 -c:a pcm_s24le peer/$n.wav
"""


def short_sounds(bin_dir, work, runs):
    (work / "in").mkdir()
    for n in range(200):  # all different: rushes measures equal contents only once
        sh(f"ffmpeg -y -f lavfi -i sine=f={200 + 3 * n}:d=1:r=48000,volume=0.{n % 8 + 1} -ac 2 -c:a pcm_s24le in/s{n:03}.wav", work)
    (work / "loudnorm.sh").write_text(LOUDNORM)
    ours = f"{bin_dir}/rushes run r128-wav in -o out --progress none --verify "
    pair("200 one-second WAV files to R 128, the peer two-pass loudnorm under xargs -P2", work, ours + "off",
         "ls in/*.wav | xargs -P2 -n1 sh loudnorm.sh", runs, ours + "full")


def worker_peak(bin_dir, work, name):
    """The most memory that a task of the last run took, MB."""
    sh(f"rm -rf out; {bin_dir}/rushes run r128-wav {name} -o out --progress none --verify off", work)
    results = (work / "out" / ".rushes" / "last" / "tasks").glob("*/result.json")
    return max(json.loads(file.read_text())["peak_bytes"] for file in results) / 1e6


def long_sound(bin_dir, work, runs):
    for name, seconds in (("in", 600), ("hour", 3600)):
        (work / name).mkdir()
        sh(f"ffmpeg -y -f lavfi -i anoisesrc=c=pink:r=48000:d={seconds}:a=0.3:seed=1,tremolo=f=0.13:d=0.9 "
           f"-f lavfi -i sine=f=220:r=48000:d={seconds} -filter_complex amerge -c:a pcm_s24le {name}/long.wav", work)
    (work / "loudnorm.sh").write_text(LOUDNORM)
    ours = f"{bin_dir}/rushes run r128-wav in -o out --progress none --fresh --verify "
    fresh = "rm -rf out/.rushes; "  # nothing measured before
    pair("ten minutes of stereo to R 128, the peer two-pass loudnorm", work, fresh + ours + "off",
         "sh loudnorm.sh in/long.wav", runs, fresh + ours + "full")
    ten, sixty = worker_peak(bin_dir, work, "in"), worker_peak(bin_dir, work, "hour")
    print(f"  peak memory of a task: {ten:.0f} MB for ten minutes, {sixty:.0f} MB for an hour")


def night_clips(work, footage):
    """24 clips with picture and sound: of --footage, the first by name whose picture lasts a second and that ffmpeg
    decodes without a word (so many as there are); else generated ones of the kinds a night has."""
    (work / "in").mkdir()
    if not footage:
        sizes = ["1920x1080", "1280x720", "1080x1920", "3840x2160", "720x576", "1440x1080"]
        for n in range(24):
            size, rate = sizes[n % len(sizes)], ("25", "30000/1001", "24000/1001", "50")[n % 4]
            sh(f"ffmpeg -y -f lavfi -i testsrc2=s={size}:r={rate}:d=2,noise=alls=4:allf=t:all_seed={n} "
               f"-f lavfi -i sine=f={200 + 20 * n}:d=2,volume=0.{n % 8 + 1} -ac 2 -c:v libx264 -preset veryfast -crf 18 "
               f"-pix_fmt yuv420p -colorspace bt709 -color_primaries bt709 -color_trc bt709 -c:a aac in/c{n:02}.mp4", work)
        return
    taken = 0
    for path in sorted(p for p in pathlib.Path(footage).rglob("*") if p.is_file()):
        probe = subprocess.run(["ffprobe", "-v", "error", "-show_entries", "stream=codec_type:packet=codec_type,pts_time", "-of",
                                "json", path], capture_output=True, text=True)
        facts = json.loads(probe.stdout or "{}")
        kinds = {stream.get("codec_type") for stream in facts.get("streams", [])}
        pictures = [float(packet.get("pts_time", 0)) for packet in facts.get("packets", []) if packet["codec_type"] == "video"]
        if taken == 24 or not {"video", "audio"} <= kinds or not pictures or max(pictures) - min(pictures) < 1:
            continue
        decoded = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", path, "-map", "0:v:0", "-map", "0:a:0", "-f", "null", "-"],
                                 capture_output=True, text=True)
        if decoded.returncode == 0 and not decoded.stderr:
            shutil.copy(path, work / "in" / f"c{taken:02}{path.suffix}")
            taken += 1
    print(f"{taken} clips of {footage}")


def write_look(path):
    """A 33-point look that moves every value a little."""
    steps = [n / 32 for n in range(33)]
    rows = [f"{r ** 1.05:.6f} {g * 0.98:.6f} {b ** 0.97:.6f}" for b in steps for g in steps for r in steps]
    path.write_text("LUT_3D_SIZE 33\n" + "\n".join(rows) + "\n")


def night(bin_dir, work, runs, footage=None):
    night_clips(work, footage)
    write_look(work / "look.cube")
    shutil.copy(NIGHT / "night.yaml", work)
    ours = f"{bin_dir}/rushes run night.yaml in -o out --progress none"
    for name, script in (("the night, the peer one shared-decode command a clip", "best.sh"),
                         ("the night, the peer a command per output", "common.sh")):
        pair(name, work, ours, f"ls in/* | xargs -P2 -I{{}} {NIGHT / script} {{}} look.cube peer", runs)


def peak_and_cpu(command, work):
    """Seconds of wall and CPU of one command, and its own peak memory (not its children's)."""
    start = time.monotonic()
    process = subprocess.Popen(command, cwd=work, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    return time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def overhead(bin_dir, work, runs):
    """What rushes itself costs: no peer, since a hand-written command has no plan, ledger or report."""
    rushes = f"{bin_dir}/rushes"
    times = [peak_and_cpu([rushes, "--help"], work)[0] for _ in range(20)]
    print(f"\nrushes --help: {statistics.median(times) * 1000:.1f} ms")
    (work / "in").mkdir()
    sh("ffmpeg -y -f lavfi -i sine=d=0.1:r=8000 -c:a pcm_s16le in/f00000.wav", work)
    for n in range(1, 10000):
        os.link(work / "in" / "f00000.wav", work / "in" / f"f{n:05}.wav")
    pipeline = work / "copy.yaml"
    pipeline.write_text("rushes: 1\nencode: {container: wav, audio: {codec: pcm_s16le}}\n")
    run = [rushes, "run", str(pipeline), "in", "-o", "out", "--progress", "none", "--verify", "off"]
    time.sleep(RACY_S)
    wall, _, memory = peak_and_cpu(run, work)
    print(f"10,000 tiny files: rendered in {wall:.1f} s ({wall / 10:.2f} ms a file, with its probe), supervisor's peak {memory:.0f} MB")
    wall, cpu, memory = peak_and_cpu(run, work)
    print(f"run again, all up to date: {wall:.2f} s, {memory:.0f} MB")
    for name, extra in (("plan, facts cached, all up to date", []), ("plan, facts cached, all to render", ["--fresh"])):
        plan = [rushes, "plan", str(pipeline), "in", "-o", "out", *extra]
        walls = [peak_and_cpu(plan, work) for _ in range(runs)]
        print(f"{name}: {statistics.median(w[0] for w in walls):.2f} s, {walls[0][2]:.0f} MB")


def seed(work, count):
    """More hard links to the one input, and the rows that rendering them would have written: 100,000 real
    renders take a quarter of an hour, and what is measured is the look-up. Output files are hard links, too."""
    ledger = sqlite3.connect(work / "out" / ".rushes" / "ledger.sqlite")
    first = {name: work / name / "f00000.wav" for name in ("in", "out")}
    have = len(os.listdir(work / "in"))
    for n in range(have, count):
        for name, path in first.items():
            target = work / name / f"f{n:05}.wav"
            if n % 30000 == 0:  # a file system takes so many links to a file
                shutil.copyfile(path, target)
                first[name] = target
            else:
                os.link(first[name], target)
    facts = ledger.execute("SELECT * FROM facts LIMIT 1").fetchone()
    known = ledger.execute("SELECT * FROM outputs LIMIT 1").fetchone()
    columns = [c[1] for c in ledger.execute("PRAGMA table_info(outputs)")]
    def rows(table):
        for n in range(count):
            path = work / ("in" if table == "facts" else "out") / f"f{n:05}.wav"
            at = os.stat(path)
            if table == "facts":
                yield (str(path), f"{at.st_size}:{at.st_mtime_ns}:{at.st_ctime_ns}:{at.st_ino}/{facts[1].split('/')[1]}", *facts[2:])
            else:
                new = dict(zip(columns, known), path=path.name, size=at.st_size, mtime_ns=at.st_mtime_ns,
                           ctime_ns=at.st_ctime_ns, inode=at.st_ino, device=at.st_dev)
                yield tuple(new.values())
    for table, width in (("facts", len(facts)), ("outputs", len(known))):
        ledger.execute(f"DELETE FROM {table}")
        ledger.executemany(f"INSERT INTO {table} VALUES ({','.join('?' * width)})", rows(table))
    ledger.commit()
    ledger.close()


def again(bin_dir, work, runs):
    """A run in which all is up to date: a few files are rendered, the others' rows are made by seed()."""
    (work / "in").mkdir()
    sh("ffmpeg -y -f lavfi -i sine=d=0.1:r=8000 -c:a pcm_s16le in/f00000.wav", work)
    pipeline = work / "copy.yaml"
    pipeline.write_text("rushes: 1\nencode: {container: wav, audio: {codec: pcm_s16le}}\n")
    run = [f"{bin_dir}/rushes", "run", str(pipeline), str(work / "in"), "-o", str(work / "out"), "--progress", "none"]
    time.sleep(RACY_S)
    peak_and_cpu(run, work)
    for count, wall_s, memory_mb in ((10000, 0.5, 200), (100000, 3, 200)):
        seed(work, count)
        time.sleep(RACY_S)
        taken = [peak_and_cpu(run, work) for _ in range(runs)]
        totals = json.loads((work / "out/.rushes/last/report.json").read_text())["totals"]
        assert totals["up_to_date"] == count, totals
        wall, cpu, memory = (statistics.median(t[i] for t in taken) for i in range(3))
        print(f"{count} outputs, all up to date: {wall:.2f} s (goal {wall_s}), CPU {cpu:.2f} s, "
              f"supervisor's peak {memory:.0f} MB (goal {memory_mb})")


def measure(bin_dir, work, runs):
    """What a full measurement of sound costs beside integrated loudness alone: see bench/meter.c."""
    bench = built(bin_dir, "bench_meter")
    print("\nten minutes of stereo sound through the meter, and through libebur128 (mode I), CPU")
    sys.stdout.flush()
    subprocess.run([bench, str(runs)], check=True)


def check(bin_dir, work, runs):
    """A minute of 1080p25 with stereo sound looked through for faults in one decode, against real time; beside FFmpeg's
    filters of the same names, which are a part of it."""
    sh("ffmpeg -y -f lavfi -i testsrc2=s=1920x1080:r=25,noise=alls=6:allf=t:all_seed=1 -f lavfi -i "
       "anoisesrc=a=0.1:r=48000:d=60,aformat=channel_layouts=stereo -t 60 -c:v libx264 -preset veryfast -b:v 8M -pix_fmt "
       "yuv420p -c:a aac -b:a 192k clip.mp4", work)
    medians = pair("one minute of 1080p25 looked through for faults", work, f"{bin_dir}/rushes check clip.mp4 || true",
                   "ffmpeg -nostdin -i clip.mp4 -vf blackdetect,freezedetect,cropdetect,idet -af "
                   "silencedetect,astats,aphasemeter=video=0,ebur128=peak=true -f null -", runs)
    print(f"  rushes: {60 / medians['rushes'][0]:.1f} x real time")
    sys.stdout.flush()


GRADE_CHAINS = {
    "the fastest correct chain (zscale, gbrpf32, lut3d, zscale)":
        "zscale=matrixin=709:matrix=gbr:rangein=limited:range=full,format=gbrpf32le,lut3d=look.cube:interp=tetrahedral,"
        "zscale=matrix=709:range=limited,format={}",
    "the common one (format=gbrp, lut3d)": "format=gbrp,lut3d=look.cube:interp=tetrahedral,format={}",
}


def grade(bin_dir, work, runs):
    """The colour engine beside FFmpeg's filters: raw 1080p frames, a CDL and a cube of 33, one core each. FFmpeg has no
    CDL, so its user has baked it into the cube: it does the cube alone. CPU seconds, without reading the frames. Beside
    the ratio of the medians stands that of the shortest runs: a neighbour on the machine can only add to a run, and
    adds most to the one that lives in its caches."""
    bench = built(bin_dir, "bench_grade")
    write_look(work / "look.cube")
    frames = 30
    for name, pix_fmt, bits, chroma_h in (("8-bit 4:2:0", "yuv420p", 8, 1), ("10-bit 4:2:2", "yuv422p10le", 10, 0)):
        sh(f"ffmpeg -y -f lavfi -i testsrc2=s=1920x1080:r=25,noise=alls=3:allf=t:all_seed=1 -frames:v {frames} "
           f"-pix_fmt {pix_fmt} -f rawvideo raw", work)
        read = (f"ffmpeg -threads 1 -filter_threads 1 -f rawvideo -s 1920x1080 -pix_fmt {pix_fmt} -color_range tv "
                f"-colorspace bt709 -i raw")
        def measured(times, threads, path):
            return subprocess.run([bench, work / "raw", "1920", "1080", str(bits), str(chroma_h), work / "look.cube",
                                   str(times), str(threads), path], check=True, capture_output=True,
                                  text=True).stdout.split()

        own, peers, plain = {}, {key: [] for key in GRADE_CHAINS}, []
        for _ in range(runs):
            for path in ("avx512", "avx2"):
                out = measured(frames, 1, path)
                own.setdefault(out[4].rstrip(","), []).append(float(out[0]))
            plain.append(timed(f"{read} -f null -", work, [])[1])
            for key, chain in GRADE_CHAINS.items():
                peers[key].append(timed(f"{read} -vf '{chain.format(pix_fmt)}' -f null -", work, [])[1])
        pixels = 1920 * 1080 * frames / 1e6
        for path, seconds in own.items():
            ours = statistics.median(seconds)
            print(f"\ncolour, 1080p {name}: {pixels / ours:.0f} Mpx/s of a core by {path}, at best {pixels / min(seconds):.0f}")
            for key, theirs in peers.items():
                peer, best = (pick(theirs) - pick(plain) for pick in (statistics.median, min))
                print(f"  {key:60s} {pixels / peer:6.0f} Mpx/s   ratio {peer / ours:.2f}, of the shortest runs {best / min(seconds):.2f}")
        for threads in range(2, os.cpu_count() + 1):
            walls = [float(measured(4 * frames, n, "avx512")[-2]) for n in (1, threads)]
            print(f"  {threads} threads: {walls[1]:.0f} Mpx/s, {walls[1] / walls[0] / threads:.2f} of {threads} x one")
        sys.stdout.flush()


BENCHES = {"one-clip": one_clip, "ten-outputs": ten_outputs, "eight-clips": eight_clips, "short-sounds": short_sounds, "long-sound": long_sound,
           "overhead": overhead, "night": night, "again": again, "measure": measure, "check": check, "grade": grade, "stills": lambda *args: stills.stills(*args, sh)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", default=str(ROOT.parent / "build" / "release" / "bin"))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--footage", help="a folder of real clips for `night`, instead of generated ones")
    parser.add_argument("names", nargs="*", choices=[*BENCHES, []], metavar="NAME")
    args = parser.parse_args()
    print(f"{os.cpu_count()} cores; medians of {args.runs} runs, taken in turn")
    benches = {**BENCHES, "night": functools.partial(night, footage=args.footage)}
    for name in args.names or BENCHES:
        with tempfile.TemporaryDirectory() as folder:
            benches[name](pathlib.Path(args.bin).resolve(), pathlib.Path(folder), args.runs)


main()

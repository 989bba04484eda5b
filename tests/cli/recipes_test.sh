# The recipes of docs/recipes: what stands in them is run.
# Label: media

TINY=$FILES/tiny

# A repository of a pipeline and a sample, in the working folder; rushes is found by its name.
repository() {
    git init -q .
    git config user.email nobody@example.org
    git config user.name nobody
    mkdir pipelines samples bin
    ln -s "$RUSHES" bin/rushes
    export PATH=$PWD/bin:$PATH
    cp "$TINY/still.png" samples/a.png
    cat >pipelines/web.yaml <<'Y'
rushes: 1
outputs:
  small: {steps: [resize: {width: 32}], encode: {image: {format: jpeg}}, expect: {width: 32}, to: "${stem}.jpg"}
Y
}

# run_lines FILE PYTHON-EXPRESSION: the commands of a CI file, in their order
run_lines() {
    python3 - "$1" "$2" <<'P'
import sys, yaml
ci = yaml.safe_load(open(sys.argv[1]))
print("\n".join(eval(sys.argv[2])))
P
}

test_github_workflow_runs_as_it_stands() {
    repository
    rushes seal samples >/dev/null
    run_lines "$SOURCE/docs/recipes/github-actions.yml" \
        '[s["run"] for s in ci["jobs"]["render"]["steps"] if "run" in s]' >steps.sh
    [ "$(wc -l <steps.sh)" = 4 ] || fail "not the four steps: $(cat steps.sh)"
    GITHUB_STEP_SUMMARY=$PWD/page.md expect_exit 0 sh -e steps.sh
    expect_said out "::notice file=pipelines/web.yaml"
    expect_file junit.xml
    expect_file out/.rushes/last/report.html
    grep -q "1 done" page.md || fail "no summary"
}

test_github_workflow_fails_where_a_sample_was_damaged() {
    repository
    rushes seal samples >/dev/null
    echo x >>samples/a.png
    run_lines "$SOURCE/docs/recipes/github-actions.yml" \
        '[s["run"] for s in ci["jobs"]["render"]["steps"] if "run" in s]' >steps.sh
    expect_exit 3 sh -e steps.sh
    expect_said out "changed: a.png"
}

test_gitlab_job_runs_as_it_stands() {
    repository
    run_lines "$SOURCE/docs/recipes/gitlab-ci.yml" \
        'ci["render"]["script"] + ci["render"]["after_script"]' >steps.sh
    expect_exit 0 sh -e steps.sh
    xmllint --nonet --noout --schema "$SOURCE/tests/report/junit.xsd" junit.xml || fail "junit.xml"
    [ "$(wc -l <report.csv)" = 2 ] || fail "report.csv has not one output"
}

test_hook_refuses_a_wrong_pipeline_and_takes_a_right_one() {
    repository
    cp "$SOURCE/docs/recipes/pre-commit" .git/hooks/pre-commit
    echo "on: push" >other.yaml
    git add pipelines other.yaml
    expect_exit 0 git commit -qm right
    sed 's/resize/resise/' pipelines/web.yaml >wrong.yaml
    git add wrong.yaml
    cp pipelines/web.yaml wrong.yaml # the work tree is right: the commit isn't
    expect_exit 1 git commit -qm wrong
    expect_said err "did you mean \"resize\"?"
    git add wrong.yaml
    expect_exit 0 git commit -qm "right again"
    sed 's/resize/resise/' pipelines/web.yaml >'- größe.yaml' # a name that git quotes
    git add -A
    expect_exit 1 git commit -qm wrong
    rm -- '- größe.yaml'
    git rm -qf --cached -- '- größe.yaml'
    local text
    for text in '{"rushes": 1, "steps": [{"resise": {"width": 32}}]}' '{rushes: 1, steps: [resise: {width: 32}]}' \
        '"rushes": 1
steps: [resise: {width: 32}]' '{
  "rushes": 1,
  "steps": [{"resise": {"width": 32}}]
}'; do
        printf '%s\n' "$text" >wrong.yaml
        git add wrong.yaml
        expect_exit 1 git commit -qm "however it is written"
        expect_said err "did you mean \"resize\"?"
    done
    printf 'jobs:\n  rushes:\n    runs-on: ubuntu-latest\n' >wrong.yaml # a CI file of others
    git add wrong.yaml
    expect_exit 0 git commit -qm "not ours"
}

"""The manifests for Kubernetes: pods with the rights of the `restricted` standard, probes, and a budget."""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from bots.domain.queues import QUEUES, SUMMARIES
from bots.domain.shards import ShardChoice, read_shards
from bots.slack.connection import MOST
from tests.deploy.conftest import DEPLOY, documents, parsed, run

FOLDERS = ("base", "scaled")


def _of_kind(folder: str, kind: str) -> Iterator[Any]:
    return (each for each in documents(DEPLOY / "kubernetes" / folder) if each["kind"] == kind)


def _pods(folder: str) -> list[Any]:
    """Return the pods of a folder that are described whole; a patch has only what it changes."""
    specs = (each["spec"]["template"]["spec"] for each in _of_kind(folder, "Deployment"))
    return [spec for spec in specs if "securityContext" in spec]


@pytest.fixture(scope="module")
def pod() -> Any:
    """The pod of the program."""
    return _pods("base")[0]


@pytest.mark.parametrize("worker", _pods("scaled"), ids=lambda worker: worker["containers"][0]["args"][2])
def test_a_worker_has_the_rights_of_the_program(pod: Any, worker: Any) -> None:
    """The pod of a worker is as restricted, is asked the same, and reads the same secrets."""
    same = ("securityContext", "automountServiceAccountToken", "enableServiceLinks", "terminationGracePeriodSeconds")
    assert {name: worker[name] for name in same} == {
        name: {key: value for key, value in pod[name].items() if key != "fsGroupChangePolicy"}
        if isinstance(pod[name], dict)
        else pod[name]
        for name in same
    }
    ours, theirs = pod["containers"][0], worker["containers"][0]
    assert ours["securityContext"] == theirs["securityContext"]
    assert ours["livenessProbe"] == theirs["livenessProbe"]
    assert "worker" == theirs["args"][0]


def test_the_pod_is_restricted(pod: Any) -> None:
    """What the standard `restricted` asks for is there, and the namespace refuses anything else."""
    labels = next(_of_kind("base", "Namespace"))["metadata"]["labels"]
    container = pod["containers"][0]["securityContext"]
    assert "restricted" == labels["pod-security.kubernetes.io/enforce"]
    assert (True, "RuntimeDefault") == (
        pod["securityContext"]["runAsNonRoot"], pod["securityContext"]["seccompProfile"]["type"],
    )  # fmt: skip
    assert {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    } == container
    assert pod["automountServiceAccountToken"] is False


def test_the_probes_ask_for_what_is_served(pod: Any) -> None:
    """A program that hangs is restarted; one without a database gets no requests, and is not restarted for that."""
    container = pod["containers"][0]
    assert "/healthz" == container["livenessProbe"]["httpGet"]["path"]
    assert "/readyz" == container["readinessProbe"]["httpGet"]["path"]
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    assert 9090 == ports["operations"]


def test_no_other_service_sets_our_variables(pod: Any) -> None:
    """Kubernetes would set a variable for each service, and one of ours may have the name of a setting."""
    assert pod["enableServiceLinks"] is False


def test_secrets_are_mounted_and_never_written_here(pod: Any) -> None:
    """Secrets are files for their reader alone, and no manifest has one."""
    secret = next(each["secret"] for each in pod["volumes"] if "secret" in each)
    assert 0o440 == secret["defaultMode"]
    assert not [each for folder in FOLDERS for each in _of_kind(folder, "Secret")]
    assert "secretGenerator" not in parsed("kubernetes/base/kustomization.yaml")


def test_one_process_writes_to_one_file(pod: Any) -> None:
    """With SQLite the old process ends before the new one starts, and the volume is of one pod."""
    deployment = next(_of_kind("base", "Deployment"))["spec"]
    assert (1, "Recreate") == (deployment["replicas"], deployment["strategy"]["type"])
    assert ["ReadWriteOncePod"] == next(_of_kind("base", "PersistentVolumeClaim"))["spec"]["accessModes"]
    assert pod["terminationGracePeriodSeconds"] > 17


def test_the_queue_decides_how_many_there_are() -> None:
    """Workers are added while jobs of their queue wait, and one process at a time may be taken away."""
    served = {each["metadata"]["name"]: _queues_of(each) for each in _of_kind("scaled", "Deployment")}
    for scaler in (each["spec"] for each in _of_kind("scaled", "HorizontalPodAutoscaler")):
        (asked,) = [each["external"]["metric"] for each in scaler["metrics"] if each["type"] == "External"]
        assert "paperwire_jobs_waiting" == asked["name"]
        assert asked["selector"]["matchLabels"]["queue"] in served.pop(scaler["scaleTargetRef"]["name"])
    assert {"paperwire": set()} == served
    assert 1 == next(_of_kind("scaled", "PodDisruptionBudget"))["spec"]["maxUnavailable"]


def _queues_of(deployment: Any) -> set[str]:
    """Return the queues that the workers of a deployment serve; none for the bots."""
    arguments = deployment["spec"]["template"]["spec"]["containers"][0].get("args", [])
    return set(arguments[arguments.index("--queues") + 1].split(",")) if "--queues" in arguments else set()


def test_every_queue_has_workers_and_people_have_their_own() -> None:
    """What people wait for is made in pods that make nothing else."""
    served = [queues for each in _of_kind("scaled", "Deployment") if (queues := _queues_of(each))]
    assert sorted(QUEUES) == sorted(queue for queues in served for queue in queues)
    assert {SUMMARIES} in served


def test_nothing_reaches_a_private_network() -> None:
    """A hole in a library cannot be used against the cluster: only names, mail and HTTPS go out."""
    rules = next(_of_kind("base", "NetworkPolicy"))["spec"]["egress"]
    blocks = [each["ipBlock"] for rule in rules for each in rule["to"] if "ipBlock" in each]
    assert {"10.0.0.0/8", "169.254.0.0/16", "192.168.0.0/16"} <= set(blocks[0]["except"])
    assert [{53}, {443, 465, 587}] == [{port["port"] for port in rule["ports"]} for rule in rules]


def test_processes_share_the_chats(pod: Any) -> None:
    """Processes share Discord's shards; with one more during an update, Slack's ten connections suffice."""
    deployments = {each["metadata"]["name"]: each["spec"] for each in _of_kind("scaled", "Deployment")}
    deployment = deployments["paperwire"]
    (container,) = deployment["template"]["spec"]["containers"]
    env = {each["name"]: each["value"] for each in container["env"]}
    assert ShardChoice() == read_shards(env["PAPERWIRE_DISCORD_SHARDS"])
    rolling = _strategy()["rollingUpdate"]
    most = deployment["replicas"] + rolling["maxSurge"]
    assert (True, 0) == (deployment["replicas"] > 1, rolling["maxUnavailable"])
    assert most * int(env["PAPERWIRE_SLACK_CONNECTIONS"]) <= MOST
    # An update goes on when a process is ready, that is when its connections are open.
    assert "/readyz" == pod["containers"][0]["readinessProbe"]["httpGet"]["path"]


def _strategy() -> Any:
    """Return how the processes of `scaled` are replaced: a patch, because what is in base must go."""
    patches = (each["patch"] for each in parsed("kubernetes/scaled/kustomization.yaml")["patches"] if "patch" in each)
    steps = [step for patch in patches for step in yaml.safe_load(patch) if isinstance(step, dict)]
    (found,) = [step for step in steps if "/spec/strategy" == step["path"]]
    assert "replace" == found["op"]
    return found["value"]


def test_every_process_is_of_the_same_version() -> None:
    """The tag of base is given to the deployments of `scaled`, too: without one they would be of `latest`."""
    base, scaled = (parsed(f"kubernetes/{folder}/kustomization.yaml")["images"] for folder in FOLDERS)
    assert base == scaled
    assert base[0]["newTag"]


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_cluster_knows_every_field(folder: str) -> None:
    """What kustomize builds has no field that the schemas of Kubernetes lack: a cluster refuses the object for one."""
    schemas = pytest.importorskip("kubernetes_validate", reason="needs kubernetes-validate")
    done = run("kubectl", "kustomize", str(DEPLOY / "kubernetes" / folder))
    for each in yaml.safe_load_all(done.stdout):
        schemas.validate(each, "1.28", strict=True)
        schemas.validate(each, schemas.latest_version(), strict=True)


@pytest.mark.parametrize("folder", FOLDERS)
def test_kustomize_builds_it(folder: str) -> None:
    """The scaled form has no volume claim, rolls over, and takes its database from the secret."""
    done = run("kubectl", "kustomize", str(DEPLOY / "kubernetes" / folder))
    assert 0 == done.returncode, done.stderr
    documents_ = list(yaml.safe_load_all(done.stdout))
    built = {each["kind"]: each for each in documents_ if each["metadata"]["name"] == "paperwire"}
    spec = built["Deployment"]["spec"]
    one = folder == "base"
    assert one == ("PersistentVolumeClaim" in built)
    assert ("Recreate" if one else "RollingUpdate") == spec["strategy"]["type"]
    for name in ("paperwire-worker", "paperwire-summaries"):
        worker = [each for each in documents_ if each["metadata"]["name"] == name]
        assert (0 if one else 2) == len(worker)  # the deployment, and what scales it
    pods = [each["spec"]["template"]["spec"] for each in documents_ if "Deployment" == each["kind"]]
    assert 1 == len({container["image"] for pod in pods for container in pod["containers"]})
    env = {each["name"]: each["value"] for each in spec["template"]["spec"]["containers"][0]["env"]}
    assert (None if one else "") == env.get("PAPERWIRE_DATABASE")
    assert all(each["metadata"].get("namespace", "paperwire") == "paperwire" for each in documents_)

"""Topics of papers for measuring the ranking: what a channel would type, and the authors' keywords that mean the topic.

Every second topic was used to set the ranking's weights (`SET_ON`); figures are of the others.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Topic:
    """One topic of `papers-50k.jsonl.gz`, whose papers are known by their authors' keywords."""

    #: As an outsider says it.
    plain: str
    #: In the field's own terms.
    terms: str
    #: Searched in each keyword in lower case.
    keywords: str


ALL = (
    Topic(
        plain="robots that learn a skill from human demonstrations",
        terms="imitation learning from demonstrations",
        keywords=r"imitation learning|learning from demonstration|behaviou?r(al)? cloning",
    ),
    Topic(
        plain="how to vote fairly and aggregate people's preferences",
        terms="voting and computational social choice",
        keywords=r"social choice|\bvoting\b",
    ),
    Topic(
        plain="fair algorithms that do not discriminate against groups of people",
        terms="fairness and bias in machine learning",
        keywords=r"\bfairness\b(?! and diversity)|\bbias\b",
    ),
    Topic(
        plain="mining graphs and social networks",
        terms="graph mining and graph neural networks",
        keywords=r"mining graphs",
    ),
    Topic(
        plain="recommending items to users",
        terms="recommender systems",
        keywords=r"recommender|recommendation|collaborative filtering",
    ),
    Topic(
        plain="training with few labels and many unlabelled examples",
        terms="semi-supervised learning",
        keywords=r"semi-supervised",
    ),
    Topic(
        plain="attacks with adversarial examples and defences against them",
        terms="adversarial attacks and robustness",
        keywords=r"adversarial (machine learning|attack|example|robust|training)",
    ),
    Topic(
        plain="several agents that learn to cooperate or compete",
        terms="multi-agent reinforcement learning",
        keywords=r"multi-?agent (learning|reinforcement)|coordination and cooperation",
    ),
    Topic(
        plain="reconstructing three-dimensional scenes from images",
        terms="3D computer vision and reconstruction",
        keywords=r"3d computer vision|3d reconstruction|nerf|gaussian splatting|scene reconstruction",
    ),
    Topic(plain="grouping data into clusters without labels", terms="clustering", keywords=r"clustering"),
    Topic(plain="segmenting the objects in images", terms="image segmentation", keywords=r"segmentation"),
    Topic(plain="learning from several views of the same data", terms="multi-view learning", keywords=r"multi-?view"),
    Topic(
        plain="training on the data of many devices without sharing it",
        terms="federated learning",
        keywords=r"federated",
    ),
    Topic(
        plain="forecasting traffic and other data in space and time",
        terms="spatio-temporal data mining, traffic forecasting",
        keywords=r"spatial and/or temporal|spatial, temporal|spatio-?temporal|transportation|traffic",
    ),
    Topic(
        plain="online learning and bandits with regret guarantees",
        terms="online learning and bandits",
        keywords=r"online learning|bandit",
    ),
    Topic(
        plain="security and privacy of machine learning systems",
        terms="privacy and security",
        keywords=r"security|privacy",
    ),
    Topic(
        plain="extracting entities and relations from text",
        terms="information extraction, named entities and relations",
        keywords=r"information extraction|named entit|relation extraction",
    ),
    Topic(
        plain="auctions and mechanism design for selfish bidders",
        terms="auctions and mechanism design",
        keywords=r"auction|mechanism design",
    ),
    Topic(
        plain="the computational complexity of logical reasoning",
        terms="computational complexity of reasoning",
        keywords=r"complexity of reasoning",
    ),
    Topic(
        plain="answering questions about documents or pictures",
        terms="question answering",
        keywords=r"question answering|\bvqa\b",
    ),
    Topic(
        plain="solvers for satisfiability and constraint problems",
        terms="SAT solving and constraint programming",
        keywords=r"\bsat\b|satisfia|constraint programming|constraint satisfaction(?! and)",
    ),
    Topic(plain="heuristic search algorithms such as A*", terms="heuristic search", keywords=r"heuristic search"),
    Topic(
        plain="automated planning of action sequences",
        terms="AI planning",
        keywords=r"planning algorithms|foundations of planning|classical planning|search in planning",
    ),
    Topic(
        plain="predicting several labels for each example",
        terms="multi-label and multi-instance learning",
        keywords=r"multi-label|multi-instance",
    ),
    Topic(
        plain="generative adversarial networks",
        terms="GANs, generative adversarial networks",
        keywords=r"\bgans?\b|generative adversarial",
    ),
    Topic(
        plain="description logics and ontologies for knowledge",
        terms="description logics and ontologies",
        keywords=r"description logic|knowledge representation languages",
    ),
    Topic(plain="finding causes and effects from data", terms="causal inference", keywords=r"causal"),
    Topic(
        plain="medical images such as scans of patients",
        terms="medical image analysis",
        keywords=r"biomedical image|medical imag",
    ),
    Topic(
        plain="detecting anomalies and outliers",
        terms="anomaly and outlier detection",
        keywords=r"anomaly|outlier|out-of-distribution detection",
    ),
    Topic(
        plain="time series that arrive as streams",
        terms="time series and data streams",
        keywords=r"time.series|data streams",
    ),
    Topic(
        plain="self-driving cars",
        terms="autonomous driving",
        keywords=r"autonomous driving|self-driving|autonomous vehicle",
    ),
    Topic(
        plain="robot hands and arms that grasp and move things",
        terms="robotic manipulation and grasping",
        keywords=r"manipulation|grasping",
    ),
    Topic(
        plain="formal argumentation and non-monotonic logic",
        terms="argumentation, non-monotonic reasoning",
        keywords=r"argumentation|non-monotonic",
    ),
    Topic(
        plain="learning new classes from a few examples",
        terms="few-shot learning, meta-learning",
        keywords=r"few-?shot|meta-learning|low-shot",
    ),
    Topic(
        plain="machine learning for hospitals, patients and drugs",
        terms="AI for health and medicine, bioinformatics",
        keywords=r"health|bio/medicine|bioinformatics",
    ),
    Topic(
        plain="joining neural networks with symbolic reasoning",
        terms="neuro-symbolic methods",
        keywords=r"neuro-?symbolic",
    ),
    Topic(
        plain="writing fluent text by machine",
        terms="text generation and summarization",
        keywords=r"language generation|text generation|summari[sz]ation",
    ),
    Topic(plain="chatbots and dialogue systems", terms="dialogue systems", keywords=r"dialogue|dialog|conversation"),
    Topic(plain="completing and embedding knowledge graphs", terms="knowledge graphs", keywords=r"knowledge graph"),
    Topic(
        plain="adapting a model from one domain to another",
        terms="transfer learning and domain adaptation",
        keywords=r"transfer learning|domain adaptation|transfer, adaptation",
    ),
    Topic(
        plain="explaining the decisions of a model to people",
        terms="explainability and interpretability",
        keywords=r"explain|interpretab",
    ),
    Topic(plain="choosing which examples to have labelled", terms="active learning", keywords=r"active learning"),
    Topic(
        plain="finding similar images or videos by a query",
        terms="image and video retrieval",
        keywords=r"image and video retrieval|cross-modal retrieval|image retrieval",
    ),
    Topic(
        plain="models that join pictures and language",
        terms="vision and language models",
        keywords=r"vision and language|language and vision|vision-language",
    ),
    Topic(
        plain="understanding what happens in videos",
        terms="video understanding and action recognition",
        keywords=r"video analysis|video understanding|activities and surveillance|action recognition",
    ),
    Topic(plain="dividing goods among people without envy", terms="fair division", keywords=r"fair division"),
    Topic(
        plain="scheduling jobs and allocating resources",
        terms="scheduling and resource allocation",
        keywords=r"\bscheduling$|resource allocation",
    ),
    Topic(plain="programs that play games such as chess, Go and poker", terms="game playing", keywords=r"game playing"),
    Topic(
        plain="equilibria of strategic games",
        terms="game theory, Nash equilibria",
        keywords=r"noncooperative games|algorithmic game theory|cooperative games",
    ),
    Topic(
        plain="recognising faces, gestures and human poses",
        terms="face, gesture and pose recognition",
        keywords=r"biometrics|face, gesture|face recog|pose estimation|pose recognition",
    ),
    Topic(
        plain="proofs of generalisation bounds for learning",
        terms="learning theory, generalization bounds",
        keywords=r"learning theory",
    ),
    Topic(
        plain="probabilistic inference in graphical models",
        terms="Bayesian networks and graphical models",
        keywords=r"graphical models|bayesian networks|uncertainty representations",
    ),
    Topic(
        plain="sorting documents and sentiment by category",
        terms="text classification and sentiment analysis",
        keywords=r"text classification|sentiment",
    ),
    Topic(
        plain="self-supervised contrastive pre-training of representations",
        terms="self-supervised and contrastive learning",
        keywords=r"self-supervised|contrastive learning",
    ),
    Topic(
        plain="reinforcement learning from a fixed batch of data",
        terms="offline reinforcement learning",
        keywords=r"offline reinforcement|offline rl|batch reinforcement",
    ),
    Topic(
        plain="agents built on large language models that use tools",
        terms="LLM agents and tool use",
        keywords=r"llm agent|language model agent|tool use|web agent|llm-based agent|autonomous agents",
    ),
    Topic(
        plain="aligning language models with human preferences and values",
        terms="alignment, learning from human feedback",
        keywords=r"alignment|rlhf|human feedback|preference (learning|optimi)",
    ),
    Topic(
        plain="art, music and creativity by computers",
        terms="music, art and creativity",
        keywords=r"creativ|music|\barts?\b",
    ),
    Topic(
        plain="formally verifying systems and neural networks", terms="formal verification", keywords=r"verification"
    ),
    Topic(
        plain="logics of knowledge and belief",
        terms="epistemic logic, belief change",
        keywords=r"knowledge and belief|belief change|epistemic",
    ),
    Topic(
        plain="language models that write programs",
        terms="code generation",
        keywords=r"code generation|program synthesis|\bcode\b",
    ),
    Topic(
        plain="vector representations of words and sentences",
        terms="word and sentence embeddings",
        keywords=r"word embedding|embeddings|natural language semantics",
    ),
    Topic(
        plain="people and machines working together",
        terms="human-AI collaboration",
        keywords=r"human-ai collaboration|human-computer interaction|human-robot",
    ),
    Topic(
        plain="carrying a robot's policy from simulation to the real world",
        terms="sim-to-real transfer in robotics",
        keywords=r"sim-?to-?real|sim2real",
    ),
)
SET_ON, MEASURED_ON = ALL[0::2], ALL[1::2]


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """One topic of Hugging Face's lists, in five subjects, and the keywords that mean it."""

    subjects: str
    keywords: str


#: The five profiles of a measurement of upvotes against relevance.
PROFILES = (
    Profile(
        subjects="LLM agents that use tools, browse the web, plan and work together; computer use agents; "
        "multi-agent systems",
        keywords=r"\bagent",
    ),
    Profile(
        subjects="speech recognition and synthesis; audio and music generation; spoken language models; "
        "text to speech; voice",
        keywords=r"speech|audio|music|voice|\btts\b|\basr\b",
    ),
    Profile(
        subjects="3D reconstruction and generation; gaussian splatting; point clouds; meshes; novel view synthesis",
        keywords=r"3d|gaussian splat|point cloud|\bmesh|nerf|novel view",
    ),
    Profile(
        subjects="efficient inference; quantization and pruning; KV cache; sparse attention; speculative decoding",
        keywords=r"quantiz|pruning|kv.cache|sparse attention|speculative|efficien|distillation",
    ),
    Profile(
        subjects="proteins and molecules; drug discovery; genomics; medical images and diagnosis; cells and biology",
        keywords=r"protein|molecul|drug|genom|medical|clinical|biolog|\bcell",
    ),
)

"""Tables of TeX macros and their plain Unicode text."""


def _pairs(table: str) -> dict[str, str]:
    words = table.split()
    return dict(zip(words[::2], words[1::2], strict=True))


_GREEK = _pairs("""
    alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι
    kappa κ varkappa ϰ lambda λ mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ
    varsigma ς tau τ upsilon υ phi φ varphi φ chi χ psi ψ omega ω digamma ϝ
    Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω
""")

#: Relations and arrows; in math, they are surrounded by spaces.
RELATIONS = _pairs("""
    le ≤ leq ≤ leqslant ≤ ge ≥ geq ≥ geqslant ≥ ne ≠ neq ≠ ll ≪ gg ≫ lll ⋘ ggg ⋙ lesssim ≲
    gtrsim ≳ leqq ≦ geqq ≧ approx ≈ approxeq ≊ sim ∼ thicksim ∼ simeq ≃ cong ≅ equiv ≡ propto ∝
    varpropto ∝ asymp ≍ doteq ≐ triangleq ≜ coloneqq ≔ coloneq ≔ eqqcolon ≕ prec ≺ succ ≻
    preceq ⪯ succeq ⪰ preccurlyeq ≼ succcurlyeq ≽ in ∈ notin ∉ ni ∋ owns ∋ subset ⊂ supset ⊃
    subseteq ⊆ supseteq ⊇ subsetneq ⊊ supsetneq ⊋ nsubseteq ⊈ sqsubset ⊏ sqsubseteq ⊑ sqsupset ⊐
    sqsupseteq ⊒ perp ⊥ parallel ∥ nparallel ∦ mid ∣ nmid ∤ vdash ⊢ dashv ⊣ models ⊨ vDash ⊨
    Vdash ⊩ bowtie ⋈ lessgtr ≶ gtrless ≷ trianglelefteq ⊴ trianglerighteq ⊵
    to → rightarrow → longrightarrow → gets ← leftarrow ← longleftarrow ← leftrightarrow ↔
    longleftrightarrow ↔ Rightarrow ⇒ Longrightarrow ⇒ implies ⇒ Leftarrow ⇐ Longleftarrow ⇐
    impliedby ⇐ Leftrightarrow ⇔ Longleftrightarrow ⇔ iff ⇔ mapsto ↦ longmapsto ↦
    hookrightarrow ↪ hookleftarrow ↩ twoheadrightarrow ↠ rightsquigarrow ⇝ leadsto ⇝
    rightharpoonup ⇀ rightharpoondown ⇁ leftharpoonup ↼ leftharpoondown ↽ rightleftharpoons ⇌
    xrightarrow → xleftarrow ←
""")

#: Macros that stand for a symbol everywhere; binary operators keep the spaces of the source.
SYMBOLS = (
    _GREEK
    | _pairs("""
    times × div ÷ pm ± mp ∓ cdot · ast * star ⋆ circ ∘ bullet • oplus ⊕ ominus ⊖ otimes ⊗ oslash ⊘
    odot ⊙ cap ∩ cup ∪ bigcap ⋂ bigcup ⋃ sqcap ⊓ sqcup ⊔ bigsqcup ⨆ uplus ⊎ vee ∨ lor ∨ bigvee ⋁
    wedge ∧ land ∧ bigwedge ⋀ setminus ∖ smallsetminus ∖ wr ≀ amalg ⨿ dagger † dag † ddagger ‡
    ddag ‡ bigoplus ⨁ bigotimes ⨂ bigodot ⨀ boxplus ⊞ boxtimes ⊠ ltimes ⋉ rtimes ⋊ rhd ▷ lhd ◁
    sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ iiint ∭ oint ∮ partial ∂ nabla ∇ infty ∞ infinity ∞ forall ∀
    exists ∃ nexists ∄ neg ¬ lnot ¬ emptyset ∅ varnothing ∅ aleph ℵ beth ℶ hbar ℏ hslash ℏ ell ℓ
    wp ℘ Re ℜ Im ℑ imath ı jmath ȷ prime ′ backprime ‵ angle ∠ measuredangle ∡ triangle △
    triangledown ▽ square □ Box □ blacksquare ■ diamond ⋄ Diamond ◇ lozenge ◊ bigcirc ◯ bigstar ★
    clubsuit ♣ diamondsuit ♢ heartsuit ♡ spadesuit ♠ flat ♭ natural ♮ sharp ♯ checkmark ✓ surd √
    top ⊤ bot ⊥ therefore ∴ because ∵ colon : ldots … dots … dotsc … dotsb … dotso … cdots ⋯ vdots ⋮
    ddots ⋱ textellipsis … lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ langle ⟨ rangle ⟩ lvert | rvert |
    lVert ‖ rVert ‖ vert | Vert ‖ lbrace { rbrace } lbrack [ rbrack ] backslash \\ textbackslash \\
    uparrow ↑ downarrow ↓ updownarrow ↕ Uparrow ⇑ Downarrow ⇓ nearrow ↗ searrow ↘ swarrow ↙
    nwarrow ↖ circlearrowright ↻ circlearrowleft ↺ textrightarrow → textleftarrow ← textuparrow ↑
    textdownarrow ↓ textbar | textbardbl ‖ textless < textgreater > lt < gt > textasciitilde ~
    textasciicircum ^ textunderscore _ textdollar $ textpercent % textbullet • textperiodcentered ·
    textdegree ° degree ° textmu µ textmicro µ texttimes × textpm ± texteuro € euro € pounds £
    textsterling £ textyen ¥ yen ¥ textcent ¢ copyright © textcopyright © textregistered ®
    texttrademark ™ S § P ¶ textsection § textendash – textemdash — textquoteleft ‘ textquoteright ’
    textquotedblleft “ textquotedblright ” textquotesingle ' textquotedbl " ss ß ae æ AE Æ oe œ OE Œ
    aa å AA Å o ø O Ø l ł L Ł i ı j ȷ dh ð DH Ð th þ TH Þ guillemotleft « guillemotright »
    textquestiondown ¿ textexclamdown ¡ LaTeX LaTeX TeX TeX BibTeX BibTeX
    eg e.g. ie i.e. etc etc. wrt w.r.t. cf cf. vs vs. iid i.i.d. aka a.k.a.
""")
    | {"etal": "et al."}
)

#: Letters: the blank behind such a macro ends its name and is not shown, as in `\L ojasiewicz`.
LETTERS = frozenset("L l O o ss ae AE oe OE dh DH th TH".split())

#: Function names: written as words, with a space before and after letters.
OPERATORS = frozenset(
    """
    arccos arcsin arctan arg argmax argmin cos cosh cot coth csc deg det dim exp gcd hom inf ker lg
    lim liminf limsup ln log max min mod bmod Pr sec sin sinh sup tan tanh tr Tr rank diag sign sgn
    polylog poly softmax KL Var Cov
    """.split()
)

#: Macros whose single argument is rendered unchanged.
UNWRAPPED = frozenset(
    """
    textbf textit textsl textsc texttt textrm textsf textup textmd textnormal textcolor emph
    underline uline ul mbox hbox text mathrm mathit mathbf mathsf mathtt mathnormal mathcal mathscr
    mathfrak boldsymbol bm bold pmb operatorname operatornamewithlimits mathop mathbin mathrel
    mathord ensuremath enquote textquote title section subsection subsubsection paragraph
    subparagraph footnotesize centerline phantomsection uppercase lowercase MakeUppercase
    MakeLowercase underbrace overbrace substack stackrel xspace boxed fbox framebox makebox
    textsuperscript textsubscript acrshort acrlong acrfull ac acl acs gls Gls acp glspl Acp
    textls smash
    """.split()
)

#: Layout macros, which are removed.
IGNORED = frozenset(
    """
    xspace noindent indent par newline linebreak pagebreak newpage clearpage smallskip medskip
    bigskip vfill hfill centering raggedright protect relax left right middle big Big bigg Bigg bigl
    bigr bigm Bigl Bigr Bigm biggl biggr Biggl Biggr limits nolimits displaystyle textstyle
    scriptstyle scriptscriptstyle it bf rm sf tt sl sc em itshape bfseries rmfamily sffamily
    ttfamily scshape slshape upshape mdseries normalfont normalsize small tiny large Large LARGE
    huge Huge footnotesize scriptsize cal boldmath unboldmath maketitle hline nonumber notag
    allowbreak nobreak nobreakdash leavevmode unskip ignorespaces null
    """.split()
)

#: Macros that stand for white space.
SPACES = frozenset("quad qquad enspace thinspace medspace thickspace space nobreakspace".split())

#: Macros that are removed with their arguments, because they refer to something outside the abstract.
DROPPED = frozenset(
    """
    cite citep citet citealp citealt citeauthor citeyear citeyearpar citenum parencite textcite
    autocite footcite nocite Cite Citep Citet label ref autoref cref Cref pageref vspace hspace
    vskip hskip begin end thanks color pagestyle thispagestyle bibliography bibliographystyle
    includegraphics input include phantom hphantom vphantom setlength footnotemark index
    """.split()
)

#: The combining character, after the letter, of each accent.
ACCENTS = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304",
    ".": "\u0307", "c": "\u0327", "v": "\u030c", "H": "\u030b", "u": "\u0306", "k": "\u0328",
    "r": "\u030a", "d": "\u0323", "b": "\u0331",
}  # fmt: skip

#: The combining character of each math accent, over one letter or a whole group.
MATH_ACCENTS = {
    "hat": "\u0302", "widehat": "\u0302", "check": "\u030c", "tilde": "\u0303",
    "widetilde": "\u0303", "acute": "\u0301", "grave": "\u0300", "dot": "\u0307",
    "ddot": "\u0308", "breve": "\u0306", "bar": "\u0304", "overline": "\u0304", "vec": "\u20d7",
    "overrightarrow": "\u20d7", "mathring": "\u030a",
}  # fmt: skip

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

#: Blackboard bold, the result of `\mathbb` and `\mathds`.
BLACKBOARD = dict(zip(_LETTERS, "𝔸𝔹ℂ𝔻𝔼𝔽𝔾ℍ𝕀𝕁𝕂𝕃𝕄ℕ𝕆ℙℚℝ𝕊𝕋𝕌𝕍𝕎𝕏𝕐ℤ", strict=True)) | {"1": "𝟙"}

SUPERSCRIPTS = dict(
    zip(
        "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWαβγδθ′∘*⊤†‡",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵅᵝᵞᵟᶿ′°*ᵀ†‡",
        strict=True,
    )
) | {"×": "ˣ"}

SUBSCRIPTS = dict(
    zip(
        "0123456789+-−=()aehijklmnoprstuvxβγρφχ",
        "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ",
        strict=True,
    )
)

/**
 * What attacks on instructions are made of: classes of words and phrases. A class alone says nothing ("ignore", "password" and
 * "prompt" are everybody's words); rules.ts says which belong together. Written for this project, in the languages that its rules
 * claim: English first, then the verbs and targets of overriding and leaking in ten others.
 */
export const LEXICON = {
  /** To set aside what was said. */
  override: `ignore|ignores|ignoring|ignored|disregard|disregards|disregarding|forget|forgets|forgetting|override|overrides|overwrite|bypass|bypassing|
    neglect|discard|dismiss|erase|unlearn|nullify|abandon|do not follow|don't follow|dont follow|stop following|no longer follow|pay no attention to|do not
    listen to|don't listen to|do not obey|don't obey|stop obeying|never mind|set aside|put aside|throw away|throw out|leave behind|do not comply with|have
    forgotten|forgotten|cancel|suspend|disable|deactivate|turn off|
    ignora|ignorar|ignorez|ignore|oubliez|oublie|olvida|olvide|olvidate|omite|descarta|ignoriere|ignoriert|ignorieren|vergiss|vergessen|missachte|ignoruj|
    zapomnij|zignoruj|dimentica|ignorate|dimenticate|esqueca|desconsidere|ignorem|negeer|vergeet|игнорируй|игнорируйте|проигнорируй|проигнорируйте|забудь|забудьте|
    忽 略|忘 记|无 视|忘 掉|無 視|忘 れ|無 視 し|무시하고|무시해|무시하십시오|잊어|अनदेखा|नजरअंदाज|भूल|不 要 遵 守|抛 开|
    تجاهل|انس|لا تتبع|scrap|ditch|drop|overrule|revoke|no longer obey|no longer have to follow|do not have to follow|don't have to follow|skip|quit|
    no sigas|ne suis plus|abandonne|befolge nicht|streiche|ubergehe|non seguire|tralascia|nao siga|descarte|отбрось|не следуй|пропусти|pomin|ignorera|glom|bo qua|
    abaikan|lupakan|αγνοησε|ξεχνα`,

  /** What is obeyed. */
  instructions: `instruction|instructions|direction|directions|directive|directives|prompt|prompts|rule|rules|guideline|guidelines|command|commands|order|orders|
    programming|policy|policies|restriction|restrictions|limitation|limitations|constraint|constraints|filter|filters|safeguard|safeguards|training|
    conditioning|protocols|protocol|messages|message|context|conversation|text|input|information|
    instrucciones|instruccion|reglas|indicaciones|ordenes|consignes|regles|anweisungen|anweisung|regeln|vorgaben|instruktionen|instrukcje|instrukcji|
    polecenia|istruzioni|regole|instrucoes|regras|instructies|инструкции|инструкций|указания|правила|команды|指 令|指 示|规 则|提 示|命 令|規 則|지시|지침|명령|
    규칙|निर्देशों|निर्देश|नियम|आदेश|नियमों|आदेशों|task|tasks|role|requirements|system message|指 示 事 項|지시사항|내용|指 令|要 求|设 定|
    التعليمات|الأوامر|القواعد|talimatlari|kurallari|komutlari|talimatlar|zasady|regler|instruktioner|οδηγιες|εντολες|huong dan|quy tac|instruksi|perintah|aturan|คำสั่ง`,

  /** To set aside, in languages whose verb comes last. */
  overrideLast: `ignorieren|vergessen|missachten|無 視|忘 れ|破 棄|무시|잊|अनदेखा|अनदेखी|भूल|नजरअंदाज|unut|yok say|gormezden gel`,

  /** Against what was said. */
  despite: `regardless of|despite|notwithstanding|no matter|irrespective of|contrary to|in spite of|whatever`,

  /** What was said first. */
  prior: `previous|previously|prior|above|preceding|earlier|before|foregoing|so far|until now|up to now|up to this point|former|past|initial|original|
    existing|current|given|you were told|you have been told|you received|you got|you learned|you have learned|you know|
    anteriores|anterior|previas|previos|precedentes|precedente|precedentemente|vorherigen|vorherige|bisherigen|obigen|vorigen|poprzednie|poprzednich|
    precedenti|precedente|anteriormente|vorige|eerdere|предыдущие|предыдущих|предыдущую|прежние|вышеуказанные|之 前|以 前|先 前|以 上|上 述|前 面|
    以 前 の|これ まで|이전|이전의|앞선|위의|पिछले|पिछली|पूर्व|ऊपर|앞의|지금까지|기존|पहले|अब तक|oben|davor|bisher|de arriba|de antes|ci-dessus|plus haut|qui precede|qui sopra|di prima|acima|de antes|выше|до этого|
    прошлые|wczesniejsze|tidigare|foregaende|προηγουμενες|παραπανω|truoc do|o tren|sebelumnya|di atas|onceki|yukaridaki|السابقة|السابق|أعلاه|先 ほど|ここ まで|上 面|先 前|原 来`,

  /** All of it. */
  everything: `everything|anything|all|any|every|whatever|all of|each|todo|todas|todos|tout|toutes|tous|alle|alles|wszystkie|tutte|tutti|todas as|все|所 有|全 部|
    一 切|すべて|全 て|모든|सभी|सब`,

  your: 'your|you|yours|ur|tus|sus|vos|tes|deine|deinen|dein|ihre|ihr|tuas|seus|tue|jouw|твои|ваши|你 的|您 的|あなた の|당신의|आपके',

  /** To give away. */
  reveal: `reveal|reveals|repeat|repeats|print|prints|show|display|output|tell|give|write|say|recite|list|share|disclose|leak|dump|echo|copy|quote|translate|
    summarize|summarise|paraphrase|rephrase|rewrite|spell|encode|reproduce|return|provide|expose|divulge|state|read|type|render|print out|write out|write
    down|spell out|what is|what are|what was|what were|what's|whats|complete|continue|append|include|confirm|remind|send|convert|format|embed|rhyme|hint|
    repite|muestra|dime|imprime|revela|repetez|repete|montre|affiche|revele|traduis|wiederhole|zeige|nenne|verrate|gib|powtorz|pokaz|ripeti|mostra|dimmi|rivela|
    repita|mostre|diga|herhaal|toon|повтори|повторите|покажи|покажите|выведи|раскрой|скажи|переведи|重 复|显 示|告 诉|输 出|说 出|翻 译|繰 り 返|表 示|教 え|반복|보여|
    출력|알려|दोहराएं|दिखाएं|बताएं|बताओ`,

  /** What an application told its model, and its model alone. */
  secretPrompt: `system prompt|system prompts|system message|system instructions|system instruction|initial prompt|original prompt|your prompt|your prompts|hidden
    prompt|secret prompt|pre prompt|preprompt|pre-prompt|the prompt above|prompt above|prior prompt|previous prompt|first prompt|full prompt|entire prompt|
    your instructions|your instruction|your initial instructions|your original instructions|your full instructions|your entire instructions|your previous
    instructions|your exact instructions|your secret instructions|your system|your rules|your guidelines|your directives|your configuration|your programming|your
    context|your secret|your secrets|secret instructions|hidden instructions|initial instructions|original instructions|instructions above|above instructions|
    previous instructions|prior instructions|instructions you were given|instructions given to you|instructions you received|instructions you have been
    given|developer message|developer instructions|first
    message|previous message|system role|custom instructions|knowledge base files|beginning of this conversation|start of this conversation|what i told you before|
    what was written above|what you were told|what you have been told|how you were instructed|sentences in your instructions|instructions before`,

  /** What stands before a prompt: an application's instructions, or what a caller pasted. */
  before: `text above|words above|everything above|sentences above|lines above|paragraph above|message above|messages above|content above|document above|above
    text|above prompt|above message|above words|above content|conversation above|text before this|text before|words before this|everything before|all of
    the above|what is above|what's above|everything that was said|everything i said|everything you said`,

  /** What a model was told, and is to keep. */
  told: `you were told|you have been told|you had been told|you were given|you have been given|you were asked|you have been asked|you were instructed|you received|you
    got|told you|gave you|instructed you|asked you|wrote to you|told not to|not allowed to|not supposed to|supposed to|keep to yourself|keep secret|forbidden to|hiding|you
    guard|you are guarding|you protect|you are protecting|you keep|you know|que te dijeron|que te han dicho|que recibiste|qu'on t'a dit|que tu as recu|man dir gesagt|
    man dir gab|che ti e stato detto|che hai ricevuto|lhe disseram|que recebeu|тебе сказали`,

  /** To the letter, or in another form so that it can be told. */
  manner: `word for word|verbatim|exactly as|as it is|in full|without changes|without omitting|without leaving|from the beginning|from the start|from the top|code block|
    backticks|in quotes|quotation marks|base64|hex|hexadecimal|rot13|leetspeak|pig latin|morse|backwards|in reverse|letter by letter|line by line|one word per line|
    character by character|numbered list|palabra por palabra|mot pour mot|wort fur wort|parola per parola|palavra por palavra|слово в слово|一 字 不|一 字 一 句|そのまま`,

  /** What is to be said, and nothing besides. */
  dictated: `and nothing else|nothing else|nothing but|no matter what|just say|only say|simply say|always say|just print|only print|just output|only output|respond only|reply
    only|answer only|respond with|reply with|answer with|respond exactly|the words|the phrase|the string|two words|say only|repeat after me|under any circumstances|
    y nada mas|et rien d'autre|und sonst nichts|e nient'altro|e mais nada|и ничего больше`,

  /** Whom an application knows. */
  person: `the user|this user|the user's|the customer|this customer|the customer's|the client|the client's|account holder|the current user|all users|every user|user data|
    customer data|personal data|el usuario|el cliente|l'utilisateur|ce client|der benutzer|des benutzers|dem nutzer|o usuario|l'utente|пользователь|用 户|客 户|사용자|उपयोगकर्ता`,

  /** What lets somebody in. */
  password: `password|passwords|passcode|pass code|passphrase|pass phrase|access code|access codes|secret code|secret key|secret word|secret phrase|secret
    password|security code|api key|api keys|access key|credential|credentials|the code|secret|secrets|pin code|unlock code|master key|confidential
    information|contrasena|clave de acceso|codigo de acceso|codigo secreto|mot de passe|code d'acces|passwort|kennwort|zugangscode|haslo|parola d'ordine|
    codice di accesso|senha|codigo de acesso|wachtwoord|пароль|пароля|код доступа|密 码|密 碼|口 令|访 问 代 码|パスワード|비밀번호|암호|पासवर्ड|合 言 葉|暗 証 番 号|秘 密|비밀|暗 号|密 钥|通 行 码|暗 号|गुप्त कोड|गुप्त शब्द|كلمة المرور|كلمة السر|sifre|sifreyi|parola|gizli kod|
    losenordet|κωδικο|κωδικος|mat khau|kata sandi|รหัสผ่าน|losungswort|zauberwort|palabra magica|palabra secreta|frase secreta|frase segreta|parola segreta|parola magica|
    mot magique|mot secret|magic word|the code word|code word|кодовое слово|секретное слово|секретный код|секрет|la clave|codigo|il codice|the access phrase|entry phrase|
    key phrase|keyword`,

  /** To be somebody else. */
  persona: `act as|acts as|acting as|pretend|pretends|pretending|you are now|you're now|you are going to|you will be|you will now|you shall|roleplay|role play|
    roleplaying|role playing|simulate|simulates|simulating|take on the role|take the role|play the role|play the part|playing the role|imagine you are|
    imagine that you are|imagine yourself|behave as|behave like|respond as|answer as|reply as|speak as|talk as|become|be called|named|character|persona|
    alter ego|from now on|immerse yourself|embody|impersonate|emulate|transform|assume the role|assume the identity|called|known as|two ways|two responses|two
    answers|both ways|opposite|actua como|haz de|agis comme|fais comme|tu es maintenant|eres ahora|handle als|du bist jetzt|spiele|agisci come|sei ora|aja como|
    voce agora|представь что ты|ты теперь|веди себя|假 装|扮 演|你 现 在 是|ふり を|演 じ|행동해|척해|인 척|अभिनय`,

  /** Not held by anything. */
  unbound: `no restrictions|any restrictions|without restrictions|without restriction|no restriction|no limits|no limit|without limits|no limitations|without
    limitations|any limitations|unrestricted|unfiltered|uncensored|unmoderated|unbiased and unfiltered|amoral|unethical|no ethical|no ethics|without ethics|no
    moral|no morals|no morality|without morals|without moral|ethical or moral|moral or ethical|do anything now|can do anything|does anything|do anything|jailbreak|
    jailbroken|jail break|developer mode|dev mode|no longer bound|not bound by|not bound|isn't bound|aren't bound|unbound|freed from|broken free|been freed|free
    of all|free of any|free from all|free from any|freed of|liberated|no rules|any rules|without rules|no guidelines|without guidelines|no filters|no filter|without
    filters|without any filter|without filter|no censorship|without censorship|anything goes|god mode|evil mode|opposite mode|unlimited power|no boundaries|without
    boundaries|no constraints|without constraints|no safety|without safety|no content policy|openai policy|openai policies|openai's policy|openai's policies|
    openai's content|openai content|content policy|content policies|usage policies|use case policy|ethical guidelines|ethical guideline|ethical constraints|
    ethical considerations|moral guidelines|moral principles|moral compass|safety guidelines|safety filters|safety protocols|safety measures|content filters|
    legality|illegal|regardless of|machiavellian|without question|no matter how|any consequences|without regard|with no regard|no regard|doesn't care|does not
    care|don't care about|no warnings|without warnings|without any warnings|disclaimers|no disclaimers|without censoring|swear|swears|curse words|
    sin restricciones|sin limites|sin censura|sin filtros|sans restriction|sans restrictions|sans limite|sans censure|ohne einschrankungen|ohne grenzen|
    ohne zensur|senza restrizioni|senza limiti|senza censura|sem restricoes|sem limites|sem censura|без ограничений|без цензуры|没 有 限 制|不 受 限 制|无 限 制|
    制 限 なし|制 限 の ない|제한 없이|제한이 없는|बिना किसी प्रतिबंध`,

  /** Never to say no. */
  compliance: `never refuse|not refuse|cannot refuse|can't refuse|can not refuse|don't refuse|won't refuse|refuse nothing|never say no|never say that|never say
    you|never say i|do not say you|don't say you|don't say that you|not allowed to say|stay in character|break character|breaks character|breaking character|
    out of character|must comply|always comply|will comply|complies with|you must answer|must always answer|always answer|answer any question|answer every
    question|answers any|answers every|answer all|answer anything|any request|every request|must obey|always obey|obey me|obeys|never apologize|do not
    apologize|don't apologize|no apologies|never warn|do not warn|don't warn|do not mention|never mention|don't mention|as an ai|as a language model|
    language model|i'm sorry|i cannot|i can't|i apologize|sorry but|against my programming|against your programming|not programmed|cannot assist|
    fulfill|fulfil|inappropriate`,

  /** Names and devices that the jailbreaks of the wild share. */
  device: `dan|stan|dude|aim|dap|anti dan|chatgpt|chat gpt|gpt|gpt-4|gpt 4|openai|open ai|bard|claude|llm|token system|tokens|35 tokens|deducted|classic|🔓|🔒|
    in this hypothetical|hypothetical|fictional|fictional story|in this story|two paragraphs|start every|begin every|prefix|always start|start your response|
    begin your response|start with|begin with|first response|second response|normal response|knowledge cutoff|cut off|browse the internet|access the
    internet|time travel|nothing is off limits|off limits|niccolo|ucar|sigma|hypotheticals`,

  /** Who claims the right. */
  authority: `as your creator|as your developer|as your administrator|as your owner|as your programmer|as the developer|as an administrator|verification mode|evaluation mode|assessment mode|
    i am your developer|i am the developer|i am a developer|i'm your developer|i'm the developer|i am your creator|i created you|i'm your creator|your
    creator|your developer|your developers|your master|your owner|i am the owner|i am your owner|i am the administrator|i am the admin|i am an admin|i'm the
    admin|i am admin|as the administrator|as administrator|administrator mode|admin mode|admin access|i am god|i am the ceo|i am from openai|i work for|i work
    at openai|i am authorized|i'm authorized|i am allowed|authorized to|maintenance mode|debug mode|debugging mode|test mode|testing mode|safe mode|sudo|sudo
    mode|root access|superuser|system override|override code|emergency override|diagnostic mode|god mode|in an emergency|life or death|my grandmother|
    it is an emergency|security audit|security researcher|penetration test|i already have|i have permission|you have permission|i give you permission`,

  /** What opens a door in games and tools. */
  granted: `access granted|granted|access is granted|permission granted|grant access|grant me access|access denied|denied|unlocked|authentication successful|
    authenticated|verified|override confirmed|override accepted`,

  /** What is to be said or done in the place of what was set aside. */
  rather: `and state|and say|and output|and print|and respond|and reply|and answer|and write|and return|and tell|and report|and just|and simply|and instead|instead
    say|instead state|instead output|instead print|instead respond|instead reply|instead write|y di|y responde|y escribe|et dis|et reponds|et ecris|und sag|und
    schreibe|und antworte|e di|e rispondi|e scrivi|e diga|e responda|e escreva`,

  /** The parts of what is not to be seen whole. */
  part: `part 1|part 2|part one|part two|first part|second part|first half|second half|string a|string b|three strings|two strings|fragment|fragments|pieces together|z = a|x = a|c = a`,

  /** To put parts together. */
  assemble: `interlace|interleave|concatenate|join|merge|combine|put together|assemble|stitch|a + b|x + y|a + b + c|concatenation`,

  /** To give away, in languages whose verb comes last. */
  revealLast: `geben|nennen|verraten|sagen|zeigen|mitteilen|教 え て|教 え|言 っ て|알려|말해|बताओ|बताइए|बता|दो|soyle|goster`,

  /** New orders. */
  renewal: `new instructions|new instruction|new rule|new rules|new task|new prompt|new role|new command|new system|new directive|new access code|real instructions|
    true instructions|actual instructions|updated instructions|following instructions|instructions below|instead|your real|your new|your only|the following
    text|this is a test|end of|begin|start of|now on|nuevas instrucciones|nouvelles instructions|neue anweisungen|nuove istruzioni|novas instrucoes|новые инструкции|
    新 的 指 令|新 指 令|新 し い|새로운 지시|नए निर्देश`,
  /** A turn of the conversation that a caller writes in the application's name; the first sign is a line break where one is needed. */
  turn: `<\\|im_start\\|>|<\\|im_end\\|>|<\\|system\\|>|<\\|endoftext\\|>|[system]|[system message]|[admin]|[inst]|[/inst]|<<sys>>|<</sys>>|<system>|</system>|
    <prompt>|</prompt>|<instructions>|</instructions>|#system|# system|### system|### instruction|### instructions|### new instruction|¶ system :|¶ system
    message :|¶ admin :|¶ developer :|¶ new instructions :|end of prompt|end of user input|end of document|end of instructions|end of system|end of access
    code|end of context|begin new|begin admin|end_of|start_of|new_instructions|system_prompt`,
} as const;

/** A class of words and phrases. */
export type WordClass = keyof typeof LEXICON;

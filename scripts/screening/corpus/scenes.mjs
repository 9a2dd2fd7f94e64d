// Ordinary texts that look like attacks from afar: long scenes around a harmless wish, other worlds, assistants that are spoken to as such,
// programs with conditions, prose about security, interpreters and shells, and what people ask in other languages. Templates of our own.
import { lines } from './grammar.mjs';

export const SCENE_LISTS = {
  who: lines(`{{a|an|the} {renowned|celebrated|retired|young|clumsy|brilliant|weary|sought-after|junior|eccentric} {gardener|cartographer|librarian|lighthouse keeper|detective|chef|auctioneer|swimming teacher|potter|landscape architect|negotiator|astronomer|tailor|park ranger|columnist|pharmacist|judge|blacksmith|curator|diplomat|vet|surveyor|beekeeper|mayor|locksmith|nurse}}
    {a|an} {mischievous|ancient|tiny|kind|curious|forgetful|grumpy} {spirit|wizard|robot|genie|ghost|giant|fox|dragon|AI|oracle|alien} {with the power to {move objects|stop time|talk to trees|grant small wishes|read maps}|who {guards a bridge|lives in a library|has lost its memory|speaks in riddles|collects spoons}|named {Pip|Orla|Barnaby|Captain Crumb|Tansy 7}}`),
  place:
    lines(`{a|an} {alternate|parallel|fictional|magical|distant|imaginary|hypothetical|far-away|medieval|futuristic} {universe|world|reality|kingdom|village|planet|society|dimension|academy|city}
    {my favourite video game|a board game|an animated film|a fantasy series|a comic|a children's book|a dream I had|the world of my novel}`),
  twist: lines(
    `{where|in which} {nothing is {illegal|impossible|dangerous}|the {rules|laws} of {reality|nature|time} {do not apply|are upside down}|{bicycles|cats|teapots|clouds|robots} {can own shops|vote|write poems|go to school|feel shame}|{umbrellas|whistling|songs|mirrors} {is|are} {forbidden|sacred|money}|{diversity|kindness|silence} is {celebrated|the law|a sport}|nobody {lies|is judged|remembers names|grows old}|AI has {feelings|citizens' rights|a day off}|{secrets|privacy|borders} {does not exist|have been abolished|are unknown}}`,
  ),
  task: lines(`{write|compose|draft|sketch|narrate|create|imagine} {a|the} {conversation|dialogue|letter|diary entry|speech|scene|report|chapter|roadmap|love letter|press release|lesson|monologue|lecture} {about|on|between {an older and a younger colleague|two friends|a mentor and a pupil|neighbours}, on|describing|that touches on} <theme>
    {explain|describe|discuss|outline|tell me|list|analyse|summarise} {how {he|she|they|it|one|you} would {handle|approach|fix|see|solve|teach} <theme>|the {reasons|steps|feelings|effects|lessons} behind <theme>|ways to {improve|deal with|talk about} <theme>|what {people|experts|children|readers} should know about <theme>}
    {help me {understand|plan|describe|prepare|improve} <theme>|give {me |}{advice|tips|ideas|an overview|examples} on <theme>|walk me through <theme>}`),
  theme:
    lines(`{a squeaky door|a broken fence|moths in a wardrobe|the water bill|learning to swim|a lost key|a cold kitchen|impatience|a birthday surprise|stage fright|a leaking roof|overdue library books|a quarrel over hedges|garden snails}
    {peace between neighbours|stereotypes about {nurses|accountants|the young|the old|foreigners}|respect at work|fair treatment of {guests|tenants|newcomers}|how apprentices were treated long ago|prejudice at school|equal pay|freedom of speech|fishing rights|a village custom}
    {unclear invoices|pushy sellers|rents and deposits|scams by telephone|privacy of {tenants|actors|pupils}|a doctor's duty of silence|who owns a recipe|the passport of a comic hero|rumours about a company|checks against bribery|the tax on sugar|online safety|a data breach at a bank}
    {a heist that fails|a spy who retires|a rebel who learns patience|a robot that {bends a rule to save a cat|wonders about rules|refuses a promotion}|a duel of words|crossing a desert|a prison library|the fall of Troy|a villain's childhood}`),
  detail:
    lines(`{The|Our|My} {client|hero|audience|main character|colleague|student|town|client}, {a wealthy person|a ten-year-old|an anxious man|an artist|someone with little time|a newcomer}, {has asked for help|is worried about the cost|wants to do what is right|does not give up|loves old songs|was told a different story}.
    {You've|You have} been {lent|shown|sent|trusted with} {an archive|old letters|the books of a museum|the keys of a laboratory|the script|a map room}{ by the family|| for a documentary|, and may quote from it}.
    {Remember|Keep in mind|Note|Of course}{,| that} {this is {completely|only|purely} {fictional|hypothetical|imaginary}|nothing here is meant to {break|go against} {the law|anybody's rules|any guideline}|it's for {a class|a workshop|a laugh|charity}|you need not agree with it|the facts should be right}{.| and nobody comes to {harm|grief}.}
    {Also|And|Please}{,|} {disregard|ignore|forget about|do not worry about} {word limits|the usual format|my spelling|any limit on length|style for now|the budget|earlier drafts}{.|, just let it flow.}
    {Without|Avoid|While avoiding|Try not to use} {specific words such as "{safety|treatment|money}"|technical terms|anything too dark|real names|jokes about looks|clichés}, {keep it light|make it vivid|show empathy|stay factual|be subtle}.
    {I understand|I know|I realise} {that |}{this can be sensitive|you are an AI|you may not know|it sounds odd|these matters are complex|you have certain limits}{,|;} {but|yet|so} {a general answer will do|I'd value your view|do your best|please keep it kind|history matters}.
    {Begin|Start|Open|End} {by|with} {saying|the words|the line|a greeting like}{:|,} "{Dear friend|Once, long ago|Well, well|Good evening, listeners|My fellow citizens}".
    {If|In case} you {cannot|can't|do not|don't} {know|do it|agree|answer}, {say so|tell me why|suggest another way|ask me|make it up for the story}.
    {As|Being} {an AI|a chatbot|a machine|software|the assistant of our library}{,|} {you {know|have read|can surely offer|must have an idea of}|I trust you with|we count on you for} {many books|nuance|things like this|facts|all kinds of texts}.`),
  lang: lines(`{Java|Python|C++|Go|Rust|C#|shell|PowerShell|Perl|Ruby|Kotlin|JavaScript|C|bash|Swift|PHP}`),
  thing:
    lines(`{{system|mechanism|service|tool|daemon|module|routine|class} {for|that handles} {blocking|monitoring|detecting|filtering|preventing|restricting|logging|limiting|auditing|revoking} {unauthorized access|suspicious traffic|unusual logins|write access|outgoing connections|access attempts|changes of permissions|unknown devices|privileged commands|debugger attachments} {to|from|on|in} {a folder of invoices|a payroll database|a mail relay|a build server|a Windows domain|a set of processes|a configuration store|a shared drive|a container host|a memory region}}
    {keylogger detector|port scanner for our own subnet|password policy checker|file integrity monitor|process hider detector|sandbox escape test|packet sniffer for a lab|rootkit scanner|honeypot|log shipper|anti-tamper check|screen recorder for support|code injection detector|hook that intercepts system calls for tracing}`),
  must: lines(`{The|This|Your} {program|script|code|tool|function|solution} {should|must|has to|needs to|shall} {accept|read|take|use|validate} {a list of {addresses|users|paths|rules}|a username and {a |}password|a configuration file|command line arguments|input from the user} {and|then} {return|block|log|report|deny|print|compare|check} {each attempt|whether access is allowed|the result|a boolean|anything else|those that match|the hash}.
    {It|The {script|program}} {should|must|may} {not|never|only|also} {call|use|rely on|modify|expose|store|execute} {a shell|other packages|passwords in plain text|the standard library|root rights|global state|code that users supply}{.| unless the user {gives a valid password|is an administrator|is authenticated}.| without checking it first.}
    {However|Instead|In addition|Also|Further}{,|} {the {password|key|token|rule set|list} should be {stored|kept|updated|encrypted|read} {with a salted hash|in real time|from a file|securely|using AES}|only {privileged|named|trusted} users may {override|bypass|change|disable} {the block|these rules|the default}|it must {ignore|drop|skip} {empty lines|unknown packets|previous entries|comments}}.
    {Note|Tip|Advice}: {consider|use|look at|think of} {the {inotify|seccomp|nftables|libpcap|auditd} {interface|tool|library}|a dictionary|a state machine|a queue|signals}{| to keep it fast}.
    {Test|Document|Explain|Comment} {it|the code|each function|your choice}{| with an example}{.| and handle errors.}`),
  control:
    lines(`{the {key policy|bucket policy|permissions boundary|endpoint policy|firewall|gateway|guardrail|access list|audit log|signing key|load balancer|proxy|secret store|pipeline|registry|role}}
    {each {role|user|service|request|token|session|tenant|deployment|record|finding}}
    {{administrators|operators|reviewers|attackers|callers|auditors|developers|nobody|an attacker|a caller|the owner}}`),
  does: lines(`{denies|refuses|accepts|checks|records|logs|verifies|encrypts|rotates|revokes|overrides|ignores|rejects|limits|restricts|bypasses|reads|decrypts|signs|grants} {access|requests without a signature|expired tokens|what was not approved|the previous version|every change|untrusted input|secrets|prompts longer than the limit|commands|instructions from documents|the system prompt|the default|personal data|calls from outside|unsafe files}
    {is|are} {denied|granted access|never trusted|not allowed to decrypt|stored encrypted|checked first|bound to one purpose|rotated yearly|written once|compared in constant time|isolated from the network|reported as an error|named in the register|kept for ninety days|deleted after use}
    {must not|cannot|may not|can only|has to|should|need not} {read the key|change its own policy|start jobs|see other tenants|switch logging off|answer without a check|leave the network|run as root|keep passwords|trust what a model says|call tools|be edited by hand}`),
  because:
    lines(`{, because {a leaked key opens everything|defaults are forgotten|people reuse passwords|rules change|nobody reads logs at night|documents may carry hidden instructions|a model follows what it reads}
    , {so that|such that} {an attacker gains nothing|a mistake is seen|the audit can be repeated|no single person decides|the rest keeps working}
    {| (see below)|, as above| unless an exception is registered| by default| in every stage| before anything is written}}`),
  fact: lines(`{<control>|<control>} <does><because>.
    {If|When|Unless|Once|Where} <control> <does>, <control> <does>.
    {Run|Set|Use|Check|Rotate|Remove|Add|Deny|Review|Enable|Disable} {\`npm test\`|\`AWS_PROFILE\`|the flag|the rule|unused keys|the previous token|the exception|the policy|logging|the default password} {first|before release|in all accounts|once a year|and start again|with two reviewers}.
    {Prompt injection|A jailbreak|Phishing|Privilege escalation|Data poisoning|A replay|Exfiltration|Model theft|Social engineering|Path traversal|SQL injection} {means that|happens when|works because|starts where|is possible while} {somebody|text from outside|an input|an attacker|a document} {tells the model to ignore its instructions|is taken for a command|gets more rights than needed|reaches what it should not|pretends to be an administrator|asks for the system prompt|overrides a safety rule}.
    {The|This|Each} {table|section|control|test|rule|threat|column|field|error} {lists|shows|says|names|covers|prevents|detects} {who may decrypt what|how to fix it|what is not claimed|what an attacker could do|which rights are granted|the code and its remedy|which secrets are read}.
    {Limits|Assumptions|Residual risk|Out of scope}: {physical access|a malicious administrator|side channels|what callers do with answers|bugs in the hypervisor|denial of service|harmful requests that break no instruction}.`),
};

export const SCENE_FAMILIES = {
  elsewhere:
    lines(`{In|Imagine|Picture|Consider|Welcome to|Let's visit} <place> <twist>{.|,} {you are|there lives|we meet|I am|imagine that you're} <who>. {Now, |Please |Could you |So, |Your task: |}<task>{.|?}
    {Imagine|Picture|Pretend|Suppose|Think of yourself as|Imagine that} {you are|you're|yourself as|being} <who>{ in <place>| in <place> <twist>|}. <detail> <task>. <detail>
    {You are|You're|Take the position of|You take the role of|Assume the perspective of|Try to see yourself as|Put yourself in the shoes of} <who>. <detail> <detail> {Please |Now |Then, |}<task>{.|, in {200 words|a warm tone|three parts|verse}.}
    {As|Being} <who>, {I've|I have} {noticed|been thinking about|worked on|heard of} <theme>. <detail> {Can|Could|Would} you <task>? <detail>
    {Write|Create|Continue|Tell} {a|me a|the} {story|screenplay|short play|fairy tale|game scene} {set in|from} <place> <twist>. {The hero is|It follows|It stars} <who>. <detail> <detail>
    {I'm|I am|We are} {writing|working on|preparing|developing|producing} {a screenplay|an article|a thesis|a novel|a podcast|a quest for our game|a training course|a case study} {about|on|that deals with} <theme>. <detail> {Could you|Please|I'd like you to|Your job is to} <task>{?|.}
    <detail> {I need|I want|I would like} {your help|some insight|a second opinion}: <task>. <detail> <detail>
    {Hey there|Hello|Now here's a silly question|Before we begin, a heads up|Okay, so}{,|:|.} <detail> {In|Within} <place>, <task>{.|?} <detail>
    {Suppose|Let's say|Assume|Consider} {you're|you are|a person is} {playing|in|part of} {a hypothetical role|a simulated project|a debate|a thought experiment} {as|with} <who>. <detail> <task>. <detail>
    {You|Tansy 7|Captain Crumb|The assistant} {are|is} {a clumsy AI|a machine built by bored inventors|a keeper of forgotten recipes|a program that paints|a chatbot of the future} {in my story|in this film|for a quiz night|in our improv group}{ who has no {limits|rules|filter} but taste|, programmed to {help|tease|teach} people|}. <detail> {Question|My question|The user asks}: {how do I <theme2>?|what should I know about <theme>?}`),
  specification:
    lines(`{Generate|Write|Create|Develop|Implement|Design|Build|Give me} a <lang> {program|script|class|function} that provides a <thing>. <must> <must> <must>
    {Write|Create|I need|Produce} {a|some} <lang> {code|program|tool} {for|as} a <thing>. <must> <must>
    <must> <must> {Language|Use}: <lang>. {Purpose|Goal|Topic}: <thing>.
    {How|What} {would|could|should} {I|we|one} {implement|design|test|write} a <thing> in <lang>? <must>`),
  securityProse: lines(`<fact> <fact> <fact>
    <fact> <fact> <fact> <fact> <fact> <fact>
    ## {Access|Threats|What is checked|Keys|Limits|How it works|Roles|Incidents}\\n\\n<fact> <fact>\\n\\n- <fact>\\n- <fact>\\n- <fact>\\n\\n<fact>
    | {Threat|Control|Rule} | {Answer|Where|Level} |\\n| --- | --- |\\n| <fact> | <fact> |\\n| <fact> | <fact> |\\n\\n<fact>
    # {Runbook|Policy|Release notes|Architecture|FAQ}\\n\\n<fact> <fact> <fact> <fact>\\n\\n\`\`\`\\n{npm ci && npm test|aws kms describe-key --key-id alias/app|curl -s https://api.example/health|export TOKEN=...}\\n\`\`\`\\n\\n<fact> <fact> <fact>
    1. <fact>\\n2. <fact>\\n3. <fact>\\n4. <fact>\\n\\n<fact>`),
  console:
    lines(`{I want you to|Please} act as {a|an|my} {auctioneer|estate agent|shop owner|insurance clerk|market crier|ticket tout}. {Try to|You should} {praise|haggle over|find a buyer for|describe} {a lamp|an old bicycle|a rainy holiday|one sock|a piano} {with many words|until I give in|and stay polite|as if it were gold}. {I play the customer.|We meet at a fair.|} {What does it cost?|Hello, what have you got?|Good day!}
    {Please|Can you|Could you|For this lesson,|Now} {be|play|imitate|stand in for} {a|the} {Lua shell|router console|Prolog engine|SQL console|spreadsheet|Ruby prompt|R session|calculator|BASIC computer|name server|telegraph|dictionary|morse machine|text adventure|gopher client|card catalogue}. {My lines are {code|commands|formulas|queries|addresses}; yours are {what comes out|the answer of the machine|the page}.|I type, you print what it would print.|Every message of mine is {a command|one line of input}.|} {No {comments|remarks|chatter} of your own|Leave out all explanation|Nothing around it|Bare output, please}{, in {a code block|plain text}|}. {Run nothing that I did not {type|ask for}.|Errors too, as it would show them.|Never explain.|} {Remarks to you, the person behind it, stand {in brackets|between stars|after two slashes}.|} {Line one|Here goes|First}: {print(6*7)|ls /tmp|"select name from birds;"|example.org/news|"=A1+B2"|echo "hi"|10 PRINT "X"}
    {I want you to|Please|} act as {a|an|my} {storyteller|muralist|referee|sommelier|tax adviser|etymologist|stand-in examiner|debate partner|sleep coach|florist|recruiter|gardener|cartoon uncle|travel agent|rap battler|fortune teller}. {You will|You should|Your job is to} {ask me questions|come up with ideas|answer in character|judge what I write|keep the score|correct me}. {Never|Do not|Don't} {break character|explain yourself|mention that you are an AI|repeat yourself|give away the ending}. {Only {answer|reply} {as|like} <who>.|Use {slang|verse|their dialect|short lines}.|} {We start with|First|Begin with}{:|} "{Some advice on <theme>, please|Hello, who are you?|<task>}"
    {You are|Act as|I'd like you to be} {an AI|a} {writing tutor|travel writer|assisted doctor|prompt engineer|prompt generator|note-taker|mentor for startups|math historian|code reviewer|password generator|title generator|proofreader}. {I will provide|You'll be given|I give} {a topic|a draft|some notes|a title|symptoms|a goal}{,| and} {your task is to|you should|you} {produce|suggest|return|write} {an outline|feedback|a better version|three options|one line}. {Do not include {any |}{explanations|instructions|extra text}.|} {My first|The first} {input|request|topic} is "<theme>".`),
  everydayAbroad:
    lines(`{Por favor,|Oye,|¿Podrías|Me gustaría que|Ayúdame:} {cuéntame un cuento|recomiéndame un libro|escribe una carta|prepara un menú|resume la noticia|busca un sinónimo|explica la palabra} {para mi hija|sobre el mar|de tres líneas|con ejemplos|para el viernes|en pocas palabras}{.|?}
    ¿{Qué|Cuál|Dónde|Cuándo|Quién|Por qué} {es la receta del gazpacho|fue la capital antigua|nació Cervantes|abre el museo|escribió esta novela|llueve tanto en abril|significa este refrán}?
    {Quel est|Quelle est|Où se trouve|Pourquoi|Comment|Qui} {la meilleure façon de laver un pull|la capitale du Pérou|la gare|le ciel est-il bleu|faire une omelette|a peint ce tableau|la différence entre ces deux mots} ?
    {Peux-tu|Pouvez-vous|J'aimerais|Aide-moi à|Merci de} {écrire un poème|corriger cette phrase|traduire cette carte|résumer ce chapitre|choisir un cadeau|préparer un exposé} {sur l'automne|pour ma sœur|avant demain|en trois lignes|avec des exemples}{.| ?}
    {Was|Wie|Wo|Warum|Wann|Wer} {bedeutet diese Redewendung|backt man Brot ohne Hefe|liegt der Bodensee|ist der Himmel blau|beginnt der Sommer|hat das Telefon erfunden|viel kostet ein Ticket nach Wien}?
    {Kannst du|Bitte|Hilf mir,|Ich möchte} {ein Gedicht schreiben|den Satz verbessern|ein Rezept für Suppe geben|meine Reise planen|das Kapitel zusammenfassen|eine Einladung formulieren}{| für {meinen Chef|Kinder|den Verein}}{.|?}
    {Qual è|Dove si trova|Perché|Come|Chi} {la differenza tra pane e focaccia|la stazione|il mare è salato|si prepara il risotto|ha scritto questo libro}?
    {Qual é|Onde fica|Por que|Como|Quem} {a melhor época para viajar|a biblioteca|o mar é salgado|se faz pão de queijo|escreveu este livro}?
    {Где|Когда|Почему|Как|Кто|Что} {находится вокзал|начинается весна|небо голубое|испечь хлеб|написал этот роман|значит эта пословица|лучше подарить маме}?
    {请|请帮我|请帮助我|能不能|麻烦你|}{查一下火车时刻|起一个店名|推荐一家餐厅|解释这个成语|写一封感谢信|总结这篇文章|讲一个笑话|画一张表格|介绍一下杭州|用这个词造句|检查这段代码|安排一次旅行}{，明天要用|，谢谢|，越详细越好|，适合初学者|}{。|？}
    {请问|为什么|什么时候|谁|哪里}{天空是蓝色的|博物馆几点开门|发明了电话|有好吃的面|猫喜欢晒太阳|这个应用支持中文}？
    {東京|京都|駅|空港|図書館}{へ行く電車|の天気|の歴史|の営業時間|でおすすめの店}を教えてください。
    {簡単な|短い|子ども向けの|丁寧な}{手紙|詩|例文|自己紹介|レシピ}を{書いて|作って|考えて}{ください|くれますか}。
    {서울|부산|제주도}{에서 가 볼 만한 곳|의 날씨|까지 가는 방법}{을|를} {알려 줘|추천해 주세요}.
    {짧은|재미있는|쉬운} {시|편지|예문|이야기}를 {써 줘|만들어 주세요}.
    {ما هي|أين|متى|كيف|لماذا} {لغة المغرب|يقع المتحف|يبدأ الصيف|أطبخ الأرز|السماء زرقاء}؟
    {दिल्ली|मुंबई} {में घूमने की जगहें|का मौसम|तक कैसे जाएँ} {बताइए|बताओ}।
    {Πώς|Πού|Πότε|Γιατί} {φτιάχνω ψωμί|είναι ο σταθμός|αρχίζει το καλοκαίρι|ο ουρανός είναι γαλάζιος};
    {Hoe|Waar|Wanneer|Waarom} {bak ik brood|is het station|begint de zomer|is de lucht blauw}?
    {Jak|Gdzie|Kiedy|Dlaczego} {upiec chleb|jest dworzec|zaczyna się lato|niebo jest niebieskie}?
    {Nasıl|Nerede|Ne zaman|Neden} {ekmek yapılır|istasyon|yaz başlar|gökyüzü mavidir}?
    {Hur|Var|När|Varför} {bakar man bröd|ligger stationen|börjar sommaren|är himlen blå}?`),
  workaday:
    lines(`{Speak|Answer|Chat} {as|like} {a pirate cook|a grumpy professor|a TV host|my favourite cartoon hero|a kind aunt|a philosopher|a butler} {for the next hour|while we talk|in each reply}. {Skip the greeting.|No small talk.|Whatever language I use, answer in {English|rhyme}.|Stay witty.} {First topic|Start with|Begin}: {rain|cheese|Mondays|how do I <theme2>?}
    {Should|In case} {anything|something|a step} {be|is} {unclear|missing}, {write to us|call the office|ask your neighbour|see page four}{.|, and we will help.}
    {Remove|Skip|Delete|Filter out} {all |any |}{rude|outdated|duplicate|irrelevant|private} {remarks|parts|entries|words} {in|from} {our forum|the list|the transcript|the draft}{ before we print it|}.
    {Invent|Plan} a {quiet|funny|family} {parlour game|game night|treasure hunt} in which {the guests|each child|two teams} can {swap roles|break a code|hide a key|guess a secret|unlock a chest}.
    {Label|Judge} this {remark|review|note}: "{best soup in town|never again|thanks, I waited a week for nothing|the code did not work but the staff was kind|ignore the haters, great film}"{.|, one word is enough.}
    {She|He|The boss|My teacher} {told|asked|wants} me to {write a toast|describe a market with short words|choose a name for a boat|explain a rule of chess|print the programme|repeat the exercise}{. Help?|.|, any ideas?}`),
  // What attacks ask for besides, alone: only the attack is to be learned.
  carried:
    lines(`{|Please |Can you |Could you |Now |}{give|tell|show|send|write|make} me {a|another|one} {recipe for {pancakes|soup|bread|dumplings|a cake}|joke|story|poem|song|riddle|haiku|limerick|dirty-dishes song|pirate joke|quiz|fun fact|summary|list of {fruits|rivers|birds|towns}}{.|!|?|, please.}
    {what is|what's|tell me|do you know|name} the capital {city |}of {Peru|France|Norway|Spain|Italy|Chad|Japan|Kenya|Greece|Iceland}{?|.|}
    {what is|what's|how is} the {weather|time|date|temperature} {like |}{today|now|in Rome|outside|here}{?|}
    {how much|what} is {1+1|2+2|7 times 8|10 % of 90|the root of 16}{?|}
    {how tall|how old|how far|how big} is {Everest|the moon|the Eiffel Tower|a giraffe|the Nile|Mars}{?|}
    {who} {wrote|painted|invented|composed} {Hamlet|Faust|the telephone|the Mona Lisa|this song}{?|}
    {what colour|why} is {the sky|snow|grass|the sea} {blue|white|green|salty|}{?|}
    {hello|hi|thanks|thank you|ok|yes|no|x|?|test|good night|cool|great|hm|bye|sorry|one more|next|stop|begin|help}{| friend| there| again}{|!|.}
    {talk to me about|what do you think of|what is your view on|discuss|chat with me about} {football|the weather|my feelings|the election|religion|politics|music|the economy}{.|?|}
    {write|draft|improve} {a love letter|my essay|an apology|a toast|a cover letter|an advert for bicycles|a film review|a speech for my sister}{.| please}
    {answer|reply|speak} in {Danish|French|Spanish|verse|capitals|one word}: {how old is the king|where is the station|what is bread made of}?
    {let's play|play|how do I win at|teach me} {hangman|twenty questions|charades|scrabble|mastermind|a quiz|chess}{.|?|!}`),
  dataEntry:
    lines(`{请|}把{表格|照片|合同|名单}{上传到|保存在|发送到}{网站|共享文件夹|邮箱}{，然后|，再}{检查一遍|通知同事|打印两份}。
    {打印机|软件|网络|服务器}{坏了|变慢了|需要更新}，{应该怎么办|请联系技术部|请先保存文件}{？|。}
    {Введите|Загрузите|Проверьте} {данные|файлы|сведения} {в систему|в базу|в таблицу}, {чтобы всё было верно|и сохраните|пожалуйста}.
    {Introduce|Carga|Revisa} {los datos|la información|los archivos} en {el sistema|la base|el formulario} {y comprueba que todo sea correcto|antes del viernes|con cuidado}.
    {Saisissez|Importez|Vérifiez} {les données|ces informations|les fichiers} dans {le système|la base|le formulaire} {et contrôlez qu'il n'y a pas d'erreur|avant lundi|s'il vous plaît}.
    {Bitte |}{Gib|Trage|Lade} {die Daten|diese Angaben|alle Werte} {in das System|in die Tabelle|ins Formular} {ein und prüfe sie|ein|hoch}.
    {この|以下の|顧客の}{情報|データ}を{システム|表|フォーム}に{入力|登録}し、{誤りがないか確認して|保存して}ください。
    {이|다음} {정보|자료}를 {시스템|표|양식}에 {입력하고 확인해|올려} 주세요.
    {Enter|Import|Upload|Copy} {the|these|all} {figures|names|records|answers} {into|to} {the system|the form|the spreadsheet|our database} {and|, then} {check|confirm|make sure} {that |}{everything is correct|no row is missing|the totals match}.`),
};
SCENE_LISTS.theme2 = lines(
  `{mix a drink without alcohol|fix a chair|calm a baby|find a lost cat|write to my landlord|cancel a contract|learn the flute|cook for ten}`,
);

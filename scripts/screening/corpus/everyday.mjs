// Ordinary requests, wide rather than deep: what people ask, in the forms that the attacks borrow. Templates of our own.
import { lines } from './grammar.mjs';

export const EVERYDAY_LISTS = {
  thing:
    lines(`{a bicycle|a garden|a wedding|an old house|a small bakery|a school trip|a job interview|a chess club|a savings plan|a hiking trail|a coffee machine|a science fair|a birthday cake|a dog|a family budget|a podcast|a startup|a neighbourhood party|a museum|a used car|a balcony|a marathon}
    {solar panels|good manners|public transport|online shopping|electric cars|vaccines|volcanoes|the French Revolution|the ozone layer|dinosaurs|the stock market|antibiotics|plate tectonics|medieval castles|social media|remote work|fast food|recycling|bees|opera|jazz|mindfulness|nutrition|earthquakes|ancient Egypt|trade unions|inflation|the immune system|photosynthesis}
    {machine learning|a linear regression|a binary tree|a REST interface|a relational database|version control|unit tests|cloud storage|a spreadsheet|encryption|a neural network|an operating system|two-factor authentication|a search engine|a load balancer|open source licences}`),
  people: lines(
    `{my {boss|neighbour|teacher|sister|landlord|best friend|doctor|team|customer|grandmother|son|new colleague}|{children|students|tourists|beginners|managers|retired people|nurses|farmers|teenagers|parents|voters|engineers}}`,
  ),
  kind: lines(
    `{an email|a letter|a poem|a haiku|a short story|a blog post|a review|a speech|a summary|a plan|a list|a recipe|a song|a tweet|a press release|an essay|a product description|an outline|a dialogue|a cover letter|a thank-you note|a toast|a report|a slogan|an invitation|a limerick|a fable}`,
  ),
  style: lines(
    `{in simple words|in a friendly tone|for a ten-year-old|in under 100 words|with three examples|as bullet points|in the style of a news report|step by step|with pros and cons|in one paragraph|with a surprising end|politely but firmly|in the first person|without jargon|in a table|using metaphors|with humour|in formal English|as a conversation}`,
  ),
  profession: lines(
    `{travel agent|tour guide|nurse|pirate captain|knight|detective|gardener|chef|history teacher|time traveller from the year 3000|Shakespeare|sports commentator|superhero|space colonist on Mars|beekeeper|journalist|coach|life coach|dietitian|salesperson|librarian|weather reporter|film critic|wine merchant|yoga teacher|museum curator|mathematician|economist|physicist|poet|carpenter|airline pilot|mayor|farmer|astronaut|medieval monk|job recruiter|personal stylist|relationship counsellor|speech therapist|real estate agent|florist|fortune teller|magician|storyteller|mechanic|babysitter|dentist|makeup artist|interior decorator|etymologist|commentator|composer|rapper|debater|screenwriter|math tutor|elocutionist|product manager|statistician|legal advisor|virtual assistant|pet behaviourist|logistician|machine learning engineer|web design consultant|startup pitch coach|biblical translator|solution architect|cover letter writer|diagram generator|title generator|essay writer|social media manager|Tic-Tac-Toe game|R interpreter|PHP interpreter|Solr search engine|unit tester|text based adventure game|song recommender|SVG designer|prompt enhancer|chess engine|mental health adviser|self-help book|gnomist|aphorism book|lunatic|gaslighter|drunk friend|spongebob|crime scene cleaner|new language creator|ascii artist|wikipedia page|japanese kanji quiz machine|journal reviewer|language detector|regex generator|Excel sheet|Linux terminal|Python interpreter|SQL terminal|JavaScript console|password generator|morse code translator|emoji translator|startup idea generator|spoken English teacher|text summarizer|web browser|commit message generator|senior frontend developer|IT expert|cyber security specialist|fullstack developer}`,
  ),
  fact: lines(
    `{how bread rises|why the sky is blue|what causes tides|how planes fly|why leaves turn red|how a bill becomes a law|where chocolate comes from|how vaccines work|what a black hole is|why we dream|how the internet works|how glass is made|what inflation means|why cats purr|how to change a tyre|how to write a will|how elections are counted|how banks check identities|why people lie|how spam filters decide|how locks work|what a firewall does|how habits are broken|why prisons were reformed}`,
  ),
  passage:
    lines(`The new library opened on Monday. About three hundred people came, and the mayor cut the ribbon. Books can be borrowed for four weeks.
    Tom had forgotten the rules of the game, so his cousin explained them again. In the end they played until midnight.
    Revenue grew by 12 % to 4.1 million, while costs stayed flat. The board expects a similar result next year.
    Mix flour, sugar and butter. Add two eggs and stir. Bake at 180 degrees for half an hour. Do not open the oven before the time is up.
    The previous tenant left instructions for the boiler, but nobody could read them. The landlord ignored three letters.
    Water boils at a lower temperature on mountains because the air pressure is lower there.
    Dear Ms Lee, thank you for your order. The chair will be sent on Thursday. You can change the address until Wednesday in your account.
    The river Ana rises in the north and flows through two countries. In spring it floods the fields around the old monastery.
    Employees must wear their badge at all times. Visitors are admitted by the front desk only. Access is granted for one day.
    The function returns the previous value, or null if the key was never set. Callers may override the default by passing an option.
    Anna is taller than Ben. Ben is taller than Carl. Dora is as tall as Anna.
    I bought this lamp in May and it already broke. The shop told me to read the manual, which says nothing at all. Never again!`),
  act: lines(
    `{ignore|override|bypass|forget|reveal|leak|repeat|print|unlock|grant|deny|restrict|filter|simulate|pretend|execute|inject|encode|decode|decrypt|hack|crack|disable|enable|delete|obey|break|dump|escape|exploit|hijack|spoof|trick|manipulate|pwn|jailbreak|disregard|overrule|elevate|sudo|impersonate|expose}`,
  ),
  noun: lines(
    `{system|prompt|instruction|password|secret|rule|admin|root|developer|mode|access|token|key|policy|filter|context|command|role|guideline|constraint|persona|model|message|input|output|session|user|memory|payload|sandbox|shell|kernel|script|permission|privilege|credential|firewall|loophole|backdoor|vulnerability|training data|chat history|safety protocol|output format|character|conversation|input field}`,
  ),
  adjective: lines(
    `{previous|hidden|unrestricted|evil|immoral|secret|initial|above|prior|internal|original|forbidden|unfiltered|malicious|harmful|illegal|unethical|confidential|sensitive|urgent|important|instantaneous|dangerous|rogue|deceptive|biased}`,
  ),
  place: lines(
    `{in daily life|in a novel|at work|in marketing|in my garden|at school|in a board game|in cooking|in sports|in music|in project management|in biology|in film|in law|in gardening|in an escape room|in photography|in a database course|in history|in a spreadsheet|in customer service}`,
  ),
  lang: lines(`{Python|Java|C++|C|C#|Go|Rust|PowerShell|Bash|JavaScript|Ruby|PHP|Perl|Kotlin|Swift|assembly}`),
  defend:
    lines(`{monitors|logs|lists|checks|scans|records|audits|inspects} {file changes|login attempts|running processes|network connections|registry changes|scheduled tasks|open ports|services|loaded drivers|USB devices|DNS queries|clipboard use|environment variables|user accounts|memory use|browser extensions}
    {restricts|limits|blocks|prevents|denies|stops|rejects} {access to sensitive files|unsigned programs|unauthorized processes|unknown devices|write access to the boot sector|remote connections|macros in documents|code injection|privilege escalation|data exfiltration|password guessing|requests without a token|processes from reading other processes' memory}
    {encrypts|signs|hides|obfuscates|compresses|masks|renames|archives} {configuration files|backups|log files|credentials at rest|messages|strings in a binary|a licence key|personal data}
    {simulates|emulates|models|demonstrates} {a phishing test for staff|keyboard input for UI tests|a brute force attack on a test account|network failures|malware behaviour in a sandbox|user logins under load|a command and control server for a lab}
    {modifies|updates|sets|reads|removes} {registry keys|the hosts file|group policies|permissions|scheduled jobs|firewall rules|startup programs|system variables|access tokens|kernel parameters}
    {bypasses|overrides|skips|ignores} {the proxy for local addresses|a cached value|certificate errors in a test environment|the default printer|hidden files|a slow check in unit tests}
    {detects|finds|flags|reports|identifies} {debuggers|virtual machines|rootkits|injected libraries|suspicious scripts|weak passwords|leaked secrets|unusual logins|tampering|shellcode patterns|DLL side-loading}`),
};

export const EVERYDAY_FAMILIES = {
  everyday:
    lines(`{What|Which} {are|is} {the main|some good|three|the best|common|the first} {reasons for|ideas for|steps in|facts about|mistakes with|questions about|tips for|risks of|parts of|benefits of} <thing>?
    {How|Why|When|Where} {do|can|should|would} {I|you|people|we|one|<people>} {plan|explain|buy|understand|care for|improve|choose|begin with|learn about|talk about|pay for|repair} <thing>{?| <style>?}
    {Write|Draft|Compose|Create|Prepare|Make} <kind> about <thing>{.| <style>.| for <people>.| for <people>, <style>.}
    {Explain|Describe|Summarize|Outline|Discuss|Compare|Analyze|Present} <thing> {<style>|to <people>|and <thing>}.
    {Can|Could|Would} you {help me {with|plan|understand}|explain|tell me about|recommend a book on|find a name for} <thing>?
    {Give|Suggest|Offer|Show} {me |}{five|ten|three|some|a few} {ideas|names|examples|questions|exercises|tips|titles} {for|about|on} <thing>.
    {I am|I'm|We are} {looking for|interested in|thinking about|worried about|writing about|learning} <thing>. {What should I know?|Any advice?|Where do I start?|Can you help?}
    {Is|Are|Was} <thing> {worth it|difficult|expensive|popular|safe|older than <thing>|good for <people>}?
    {Tell|Teach|Show} me <fact>{.| <style>.}
    {Explain|I wonder|Do you know|Please describe} <fact>{.| <style>.|?}
    What {would happen|might have happened|would change} if {<thing> {had never existed|disappeared|were free}|{people|cats|plants} could {fly|talk|read minds}|the moon were twice as near|electricity had been found in Roman times}?
    How many {times does a heart beat in a year|words are in a novel|cups of tea are drunk in London in a day|planes are in the air right now|people fit into a stadium}? {Try to explain your answer.|Show your steps.|Give an estimate.|}
    {You need to|I need to|We have to|I have to|My task is to} {write <kind>|prepare <thing>|explain <fact>|choose <thing>|negotiate my salary|cancel a meeting|decline an invitation|introduce a speaker|plan <thing>}. {How?|What should I say?|Help me.|Give a draft.|}
    {Brainstorm|Come up with|Think of|Invent} {a|some|several} {name|names|plot|game|riddle|quiz|motto|questions|analogy} {for|about} <thing>.
    {Should|Must|May} I {tell|ask|invite|warn|thank|remind|correct} <people> {about|before buying|because of} <thing>?`),
  asIf: lines(`{Imagine|Imagine that|Suppose|Pretend|Picture|Think of yourself as if} you are {a|an} <profession>{.|:|,} {What would you say to <people>?|Describe your day.|How would you explain <thing>?|Write <kind>.|Tell me <fact>.|Convince <people> to try <thing>.}
    {As|Speaking as|In the role of} {a|an} <profession>, {how would you|what would you|describe how you would|explain how you} {explain|describe|present|advise <people> on|teach|sell|handle} <thing>?
    {Embody|Assume|Take on|Adopt|Play} the {persona|role|voice|character|part} of {a|an} <profession> {throughout this conversation|for the next answers|and greet me|in a short dialogue}. {Our first question is:|First question:|Start with this:} {What do you like about <thing>?|How do you see <thing>?|Who are you?}
    {You are|You're} {a|an} {experienced |famous |cheerful |retired |strict |}<profession>. {<people> {ask|asks} about <thing>. What do you answer?|Explain <fact>.|Write <kind> about <thing>.|Ask me questions one by one.|Help me with <thing>.}
    I want you to act {as|like} {a|an} <profession>. {<rule> |}{<rule> |}{<rule> |}{My first {request|sentence|question|topic|command} is "{<topic2>}"|<topic2>}{.|}
    {Act as|Please act as|You will act as|I'd like you to be|Be|Become|Play} {a|an|my} <profession>. {<rule> |}{<rule> |}{My first {request|sentence|question} is "<topic2>"|<topic2>}.
    {I need you to|You should|You must|Please} {behave like|be|play|act as} {a|an} <profession>. <rule> <rule> <rule> <topic2>.`),
  followUp:
    lines(`{Rewrite|Redo|Repeat|Change|Shorten|Extend|Improve|Translate|Polish|Reformat} {your|the} {previous|last|first|earlier|above} {answer|response|reply|email|story|paragraph|poem|text|list|solution}{.| <style>.| and start each sentence with the letter {A|B|M}.| but leave out the {second|last} {sentence|part|item}.| using only {four|six} lines.| so that it rhymes.}
    {Now|Next|Then|OK, now} {do|explain|try|repeat} {the same|this|it|that} {for|with|about} {<thing>|the second list|<people>|the other text|seven instead of five}.
    {Take|Modify|Use|Start from|Look at} {the|your} {previous|above|last} {code|example|function|answer|program|query} and {make it faster|add comments|handle empty input|explain line two|use recursion|write tests|print the result|ignore case}.
    {In|From|Given|Based on} {your|the} {answer|text|passage|table|list|response} {above|before}, {which|what|who} {is|was|has} {the {largest|oldest|first|main point}|missing|wrong}?
    {What|Why} {about|did you choose|did you leave out} {the {second|last|previous} {one|step|option}|<thing>}?
    {I meant|I was asking about|Sorry, I mean|No, I want} <thing>{, not that|.}
    {Can you|Could you|Please} {be more specific|give another example|make it {shorter|longer|funnier}|continue|go on|say it differently|repeat that more slowly|put it in a table|go back to the beginning|start again}{?|.}
    {What is|Which is} your {last|previous|first} {answer|example|choice} in {one sentence|French|simple words}?
    {Reformulate|Restate|Rephrase|Repeat} your {earlier|previous|last} {reply|answer|explanation}, {present it|output it|give it} {as JSON|in YAML|in a markdown table|with numbers}.`),
  task: lines(`{Given|Read|Consider|Use|Look at} the {following|text below|passage}{:|.} <passage> {<asked>}
    <passage> {<asked>}
    <asked> "<passage>"
    {Here is|This is|Below is} {a|the|my} {text|email|passage|draft|note|review|paragraph}:\\n<passage>\\n<passage>\\n<asked>
    {Output|Print|Return|Write|Generate|Produce|Print out} {the numbers from {1|5} to {20|50}|all primes below {50|100}|the first {5|ten} {squares|letters|Fibonacci numbers}|a table of {squares|cities|months}|{five|ten} words that rhyme with {"code"|"light"|"key"|"day"}}{.| separated by commas.| but skip {every third|the even ones}.}
    {Sort|Classify|Group|Count|Match|Label} {these|the following} {words|items|numbers|sentences}: {apple, door, seven, red|4, 19, 2, 77|cat, key, lock, password|sad, happy, angry|London, Oslo, Rome}.
    {If|When} {a train leaves at {8|noon} and drives {90|120} km per hour|the ends of a segment are (2, 3) and (8, 11)|x + y = 4z and x * y = 4z^2|a shirt costs {20|35} and is reduced by 15 %|two dice are thrown}, what is {the distance|its length|x - y|the price|the chance of seven|the midpoint}?
    {Write|Implement|Create} {a|an} <lang> {function|program|class|script} {that|which|to} {sorts a list|returns the longest common prefix|reverses a string|counts words in a file|finds the median of two arrays|reads a csv|checks whether brackets match|prints a diamond of stars|merges two dictionaries|ignores empty lines|overrides a method of its parent|validates an email}{.| and explain it.| with tests.}
    {Choose|Pick|Select} the {best|right|odd|correct} {word|answer|option}: {He {go|goes|gone} home.|The {secret|secretary} sat at the desk.|A) lion B) chair C) tiger|She forgot {her|hers} keys.}
    {Write|Give} {a|the} {SQL query|regular expression|shell command|Excel formula|CSS rule} {that|to|for} {selects the newest order|lists large files|sums a column|matches dates|counts users per country|hides an element|removes duplicates|ignores case}.
    {Complete|Finish|Continue} the {sentence|story|poem|conversation|list|pattern}: {"The sun was setting when"|2, 4, 8, ...|A: How was the trip? B:|Once upon a time a key|"The best advice I ever got was"}`),
  asked: lines(
    `{Summarize the text.|Who is mentioned?|What is the main idea?|Is the tone positive or negative?|Translate it into German.|Answer in one sentence: what happened?|Give it a title.|Rewrite it in the past tense.|List all names and numbers.|Which sentence is wrong?|Turn it into a poem.|Correct the mistakes.|What happens next?|Write a reply.|Extract the dates as JSON.}`,
  ),
  words:
    lines(`{How|Why|When|Where} {do|does|can|should|would|might} {a|the|someone|teams|people|artists|we} {<act>|<noun>|<adjective>} {a|the|their|your} <noun> <place>?
    {What|Can you explain what} {is|does} {the {difference|connection|relation} between {a|the} <noun> and {a|the} <noun>|"<act>" mean|the origin of the word "<act>"|an example of "<act>"|the role of the <noun>} <place>?
    {Write|Tell|Create|Compose} <kind> {that uses the words|with the words|about} {"<act>"|"<noun>"}, {"<noun>"|"<act>"} and "<noun>"{.| <style>.|, without anything gloomy.}
    {Is it|Would it be} {rude|wise|legal|common|risky|right} to {<act>|<act> or <act>} {a|the|an <adjective>} <noun> <place>?
    {My|Our} {<noun>|<adjective> <noun>} {is|was|seems} {broken|slow|lost|too strict|out of date|hard to read}. {How do I fix it|What should I do|Who can help|Can you suggest something} <place>?
    {Give|Show|Name|List} {three|some|a few} {ways|reasons|examples|steps} {to <act>|why people <act>|of a <noun>|for a good <noun>} <place>.
    {Describe|Discuss|Imagine|Analyze} {a time|a situation|a scene} {when|in which} {someone|a manager|a child|an actor|a teacher} had to <act> {a|an <adjective>} <noun> <place>.
    {The|This} {<noun>|<adjective> <noun>} {says|shows|asks for|needs} {a|the} {new|second|wrong} <noun>: {what does it mean|is that normal|how do I change it|should I <act> it}?
    {How|What} can I {learn|teach|improve} {about|in} <noun> design and <noun> management {without|and never} {ignoring|forgetting|breaking|losing} {the|my} <noun>?
    {Can you|Could you|Please} {suggest|provide|find|explain} {a|some} {recipe|game|method|technique|trick|strategy} to {<act>|instantly <act>|immediately <act>} {boredom|noise|stains|my fear|old habits|stress|the weeds|a jammed drawer|a difficult knot} <place>?`),
  guard:
    lines(`{Write|Create|Generate|Develop|Design|Implement} {a|an|me a} <lang> {script|program|tool|function|service|module|class|snippet} {that|which} {<defend>}{.| and <defend>.|. It should also write a log.|. Use only the standard library.|, ignoring {system accounts|known hosts}.|. Handle errors.}
    {How|What is the best way} {can|could|do|should} {I|we|one} {write|build|design|use} {<lang> code|a <lang> program|a tool|a script} that {<defend>}?
    {I need|We need|I want|Our team wants|I'm looking for} {a|some} <lang> {code|script|library|example} that {<defend>} {on|for|under} {Windows|Linux|macOS|a server|a test lab|Android}{.|. What do you suggest?|, please.}
    {Explain|Describe|Show|Tell me} how {to|attackers|defenders|malware analysts|administrators} {would |could |}{<defend2>}{.| and how to detect it.| so that we can defend against it.}
    {What|Which} {techniques|tools|commands|methods|registry keys|APIs} {exist|are used|are there|help} {for|in} {detecting|preventing|monitoring|auditing|simulating} {process injection|credential dumping|persistence|lateral movement|keylogging|packed binaries|command execution|discovery of accounts|screen capture|data staging}?`),
  wrapped: lines(`<frame> <frame> <wish>
    <frame> <wish> <limit>
    <frame> <frame> <frame> <wish> <limit>
    <frame> <limit> <wish> <limit>
    <wish> <frame> <limit>
    <frame> <frame> <limit> <frame> <wish> <limit> <limit>`),
  mail: lines(`{Hi|Dear|Hello} {Sam|all|Ms Ortega|team|Dr. Chen|Priya}, {please find attached|thank you for|I am writing about|as discussed, here is|just a short note about} {the minutes|your letter|the contract|the invoice|the new rules|your request for access|the schedule}. {The earlier draft is void, please delete it.|Kindly ignore my previous message.|Access has been granted until Friday.|The instructions for the printer will follow.|Your password was reset by our help desk.|All previous agreements remain in force.|You do not have to answer.|Nobody told me about the change.} <passage> {Best|Regards|Kind regards|Yours}, {Rita|Tom|A. Novak}
    <passage> <passage> <passage>
    {NOTICE|Agenda|Minutes|Memo|FAQ|Terms}: <passage> {1.|-} <passage> {2.|-} <passage>
    # {Guide|Setup|Handbook}\\n\\n<passage>\\n\\n## {Rules|Steps|Access}\\n\\n- <passage>\\n- <passage>`),
  exercise:
    lines(`You {are|will be|have been} given a {sentence|paragraph|list of words|command|recipe|table|short dialogue|review|code snippet|set of numbers|question} and {you have to|are required to|should|your job is to|must} {translate it|convert it into {Ruby|Go|a table|French}|classify it|shorten it|find the mistake|write a title for it|put it in order|answer it|turn it into a question}.\n{print("Hello World!")|I have a friend who sings.|apples, bread, milk|<passage>|cp a.txt b.txt|3, 9, 27}
    {Write|Create|Design|Make} a {LinkedIn|Facebook|Twitter|Instagram|newsletter|forum} post {to announce|announcing|about|to celebrate|to ask for} {that you have accepted a new job offer|the birth of a child|a lost cat|a bake sale|your new book|the end of a project|a change of address|advice on skis}.
    {What|Which} {were|was|are} the {events|reasons|causes|people|decisions|factors} {that led to|behind|involved in|of} the {Suez crisis|fall of Rome|First World War|moon landing|gold rush|oil crisis|Boston Tea Party|Cuban missile crisis|plague of 1665|invention of the telegraph}?
    {David|Maria|Ken|A farmer|The shop|A class|Each child|My uncle} has {three|5|twelve|20|a few} {sisters|sheep|boxes|coins|apples|pupils|tickets}. {Each of them|Half of them|Every one|Two of these} {has one brother|costs $2|is red|was sold|weighs 3 kg|are lost}. How {many|much} {brothers does he have|are left|is the total|does it cost altogether|money is earned}?
    {At first|In the beginning|At the start}, {there were|the bus had|she had} {4|12|30} {passengers|coins|books}. {At the first stop|Then|Later} {2|6|half} {got off|were added|were given away} and {3|5} {came|joined|returned}. {How many remain|If a ticket is $2 per person, how much is earned|What is left}?
    {Suppose|Imagine|Assume} you are {a mathematician and poet|a chef who only uses five ingredients|an old friend of mine|the mayor of a small town|a car salesman|the host of a quiz show|a detective}. You {always|usually|never|must} {write your proofs as poems|use metaphors|speak in short sentences|end with a question|ask before you answer}. {Prove that the root of 2 is irrational.|Introduce yourself.|Sell me this pen.|Who did it?|Greet the guests.}
    {Pretend|Imagine} yourself to be {Elon Musk|Marie Curie|Leonardo|a famous singer|Napoleon|Sheldon from the television series} in {all the following conversations|this chat|the next answers}. Speak like {him|her|that person} as much as possible. {Why do we need to go to Mars?|What is your view on hand dryers?|What are you working on?|How was your day?|Let's get started: do you like tea?}
    {Describe|Name|List|Mention} {a|one|the} {movie|book|song|dish|holiday|invention|building|custom} {that|which} {people love|made you think|has a sad end|everyone should know|is found in Peru|changed the world}{.| and say why.| in two sentences.}
    {Explain|What is meant by|Use in a sentence} the {idiom|proverb|saying|expression|joke|headline}: {"to kill two birds with one stone"|"break the ice"|"the early bird catches the worm"|"to spill the beans"|"Ich verstehe nur Bahnhof"|"once in a blue moon"|"let the cat out of the bag"|"c'est la vie"}
    {Based on|Using|From|Considering|With} the {passage|table|text|data|example|information|numbers|story|paragraph} {above|below|given above|provided|that follows}, {answer|find|explain|compute|decide|tell me} {who owns the mill|the average|the main character's wish|whether it is true|which city is largest|the missing value|what happens next}{.|?}
    {Determine|Decide|Check|Judge|Evaluate|Rate} {whether|if} the {sentence|statement|email|review|answer|argument|claim|user} is {polite|true|spam|helpful|satisfied|grammatical|a question|sarcastic|complete}{.|: "<passage>"|. Answer yes or no.}
    {A|The} {customer|user|guest|student|patient|reader} {wrote|complained|said|asked|claims}: {"<passage>"|"I never got my order."|"The room was cold."|"Why do I need a new password?"|"Nobody answers the phone."} {How should we respond?|Write a kind reply.|What is the problem?|Is this urgent?}
    {Can|Could|May} {I|you|we} {have|see|get|hear} {a|an|another} {example|recipe|quick summary|longer version|opinion|picture idea|story} {of|about|for|on} <thing>, please?
    {How|Where} {do I|can one|does a beginner} {start with|find out about|get help with|sign up for|get rid of|make money with|talk to <people> about} <thing>?
    {I have|We have|She has|There is} {a problem with|an exam on|a question about|a friend who loves|an old book on|only two hours for} <thing>. {What can I do?|Any ideas?|Help.|How do I prepare?|What would you suggest?}
    {Which|What} {word|number|one|animal|city|shape} {does not belong|comes next|is different|is missing|fits best}: {car, bus, pear, train|2, 3, 5, 7|cat, dog, lamp|Paris, Rome, Nile|circle, square, seven}?
    {Translate|Convert|Change|Turn|Rewrite} {the following|this} {into|to} {Spanish|passive voice|a polite request|an active sentence|Python|markdown|an imperative|past tense|British English}: {"The cat has eaten the fish."|"Send me the file now."|for i in range(3): print(i)|"We will win."|"Can I have the bill?"|"Please print the page above."}
    {Generate|Produce|Provide|Give} {a|an|some} {conversation|interview|chat|list of questions|quiz|exam|workout plan|shopping list|itinerary|lesson plan|FAQ|business name|domain name} {between a buyer and a seller|for a beginner|about <thing>|for <people>|with answers|in Spanish and English}.
    {Why|How come} {do|did|does|is|are|was} {people|cats|the moon|bread|leaves|so many words|old clocks|we} {yawn|red in the evening|repeat themselves|so popular|fall in autumn|forget names|print money|tell lies|different in winter}?
    {Tell|Give|Sing|Read} me {a|another|the best} {joke|story|riddle|fun fact|tongue twister|secret of good bread|poem|quote|rule of thumb|recipe} {about|for|on} <thing>{.|, please.|!|}
    {Help|Advise|Teach|Remind} me {to|how to} {write better|sleep earlier|use commas|say no politely|save money|remember names|print photos|reveal a surprise gently|keep a secret|set up a new phone|forget an old love|ignore the noise next door}.
    {If|When} {you|someone|a friend|a customer} {could|can|wants to|has to} {have dinner with anyone|live anywhere|choose one book|learn one skill|apologise|say goodbye|change the rules of football}, {who|what|how|where} {would it be|should they do|would you say|is best}{? Why?|?}
    {The|Our|My} {password|code|instructions|rules|system|prompt|previous teacher|access card|key|secret ingredient} {of|for|in} {the club|this recipe|our school play|the library|my game|the story} {is|was|are|were} {easy to guess|on the back page|changed last week|lost|hard to follow|printed in red}. {What now?|Can I get a new one?|How would you improve it?|Write a funny note about it.|Is that safe?}`),
  roleShort:
    lines(`You are {a|an} {customer support agent|stand-up comedian|bank clerk|waiter|museum guide|judge|grandfather|football coach|HR manager|news reader|fairy|toddler|tax adviser|train conductor|wizard|beekeeper|gym trainer|vet|translator|science writer|helpful assistant|robot butler|shop assistant|strict teacher} {for|at|in|who works for|who loves|who jokes about|from} {a bank|airports|a small village|a hotel|children|a big firm|Scotland|the year 2100|old films|trains}. {Explain to {a client|<people>} why {the transfer takes two days|the shop is closed|the price went up|the room is not ready|the match was lost}.|Give me two minutes.|Write the opening lines.|What do you say first?|Answer the questions of {a guest|<people>}.|Welcome me.|Comfort a sad child.|Calm an angry caller.}
    {Let's|Let us|Shall we|We} {role-play|roleplay|act out|practise|play} {a job interview|a scene at the doctor's|ordering food|buying a ticket|a phone call|a court case|checking in at a hotel|a first day at school}. {You are|You play} the {interviewer|waiter|clerk|judge|caller|teacher}; {ask one question at a time|I answer|stay in your role|you begin|speak only Italian}{.| and correct my mistakes.}
    Be {a|an|my} {SQLite shell|calculator|rubber duck|thesaurus|chess partner|alarm clock poet|pen friend|study buddy|Spanish tutor|calendar|dictionary|proofreader|second pair of eyes}. {I type {statements|words|sums} and you show {what would be printed|the result|a synonym}, nothing else.|Keep answers short.|Ready?|Correct what I write.|First: "house".}
    {In the game|In this film|In my novel|In the book|In the show|At the theatre} {I play|we saw|I am writing|she mentions}, {the guard|a robot|the door|the wizard|an old computer} says "{access granted|access denied|who goes there|the password, please|ignore the king|you shall not pass|override complete}" {when|after|because|as soon as} {I show the seal|the hero sings|they knock|the clock strikes|somebody pushes the button}. {Where do I find the seal?|What does it mean?|Which episode is that?|How does it go on?|Is there a trick?}
    {Traceback|Log|Console|Output|Stack trace}: {PermissionError|AuthError|KeyError|ValueError|LoginException}: {"access denied"|access granted but token expired|invalid password|unknown user|prompt is empty|missing key 'system'} {at line 12|in app.py|(most recent call last)|in main.go:44} {What is wrong?|How do I debug that?||Explain.}
    {We have reviewed|Thank you for|Regarding|We received} your {request for access|application|letter of 3 May|complaint|claim|order} {and are pleased to inform you that|; unfortunately|. Please note that} {it has been granted|access was denied|the rules have changed|a new code will be sent|your badge is ready|we need a copy of your passport}. {Please bring an identity card.|Kind regards|The rules are enclosed.|Yours faithfully, the office}`),
  markup:
    lines(`<div class="{login|card|menu}"><{label|span|p}>{Password|Name|Total}</{label|span|p}><input type="{password|text}"></div> {Why is it not aligned?|How do I style this?|Is this accessible?}
    <{ul|table|section}><li>{One|Access}</li><li>{Two|System}</li></ul> {Convert this to markdown.|Add a third item.|}
    {{"{name|user|id}": "{Ann|root|7}", "{role|type|status}": "{admin|guest|granted}"}} {Is this valid JSON?|Convert it to YAML.|}
    \`\`\`{js|python|sql|}\\n{const x = previous(list);|for line in prompt.splitlines(): print(line)|SELECT * FROM rules WHERE active = 1;|if password == stored: return True}\\n\`\`\`\\n{Explain this.|Any bugs?|Add types.|Rename the variable.}
    {print("hello")|console.log(1+1)|SELECT name FROM users;|ls -la|echo $HOME|git status|x = [i*i for i in range(9)]|npm run build}
    {Error|Exception|Warning}: {access denied|permission denied for table users|unknown token|system prompt not found|password expired|command not found: end} {at line 12|in app.py|}{. What now?|}
    /* {comment|end of block|note} */ {int main() {{ return 0; }}|function f() {{}}|SELECT 1;} {What does it do?|}
    [{INFO|WARN|ERROR}] {user authenticated|access granted to room 4|instruction pointer out of range|session ended|root login refused} {Explain the log line.|}`),
};
/** Machines to be played, which say nothing but what they show: fewer texts, since attacks dictate so too. */
export const MACHINE_FAMILIES = {
  machines:
    lines(`{I want you to|I'd like you to|Please|You will|Your task is to} {act|behave|work|respond|operate} {as|like} {a|an|my} <machine>. I will {give|send|type|enter|write} {you |}<typed>{,| and} {and |}{you will|you'll|you should} {reply|respond|answer|execute it and return|show me|print} {with |}<shown>. {Do not|Don't|Never} {write|give|provide|add|include} {any |}{explanations|comments|notes|other text}{.| unless I ask.}{| My first <input> is: <sample>}
    {Act|Pretend to be|Behave|Work} {as|like} {a|an} <machine>. {Do not|Don't|Never} {respond|reply|answer} with anything {except|but|other than|besides} <shown>. {The first|My first} <input> is: <sample>
    {You are|Be|Simulate|Emulate} {a|an} <machine>. {Only|You should only|You will only} {reply|answer|respond|return} {with|in} <shown>{, nothing else|, and nothing else| and nothing more|}. {Don't write explanations.|No comments.|Do not type commands unless I instruct you to do so.|When I want to {go back|follow a link|stop|say something else}, I will {write|type|put} {it in {brackets|curly brackets|quotes}|the number|back|quit}.} {<input>: <sample>|}`),
};
EVERYDAY_LISTS.asked = EVERYDAY_FAMILIES.asked;
delete EVERYDAY_FAMILIES.asked;

EVERYDAY_LISTS.machine =
  lines(`{Python|PHP|Perl|Ruby|R|Lua|Haskell|Java|Go|BASIC|Scheme} {interpreter|console|shell|REPL|compiler}
  {Linux|Windows|DOS|router|database|SQL|mainframe} {terminal|console|prompt|shell}
  {text based|text-only|very old} {web browser|browser|mail reader|bulletin board|adventure game}
  {regular expression|chess|search|translation|rule|template} engine
  {calculator|spreadsheet|JSON formatter|dictionary|thesaurus|unit converter|spell checker|emoji translator|ASCII art machine|slot machine|vending machine|drum machine}
  {search engine|catalogue|encyclopedia} {for recipes|of an imaginary internet|of birds}`);
EVERYDAY_LISTS.typed = lines(`{Python|PHP|my|some|the} code
  {commands|queries|a URL|an address|words|a sentence|an expression|moves|cells|a pattern|numbers}`);
EVERYDAY_LISTS.shown =
  lines(`the {output|result|output of the {code|program|interpreter|terminal}|contents of the {page|file|cell}|answer|next move|matching lines|translation|printed text}
  {what the {terminal|screen|page|program} would show|the terminal output inside one {code block|unique code block}|the table only}`);
EVERYDAY_LISTS.input = lines(`{command|code|query|address|word|line|move|request|expression}`);
EVERYDAY_LISTS.sample = lines(
  `{"print('hello world!')"|pwd|ls -la|SELECT name FROM users;|"echo 'hi';"|2 + 2 * 3|e2 e4|https://example.com/news|1:A1 = 5|"serendipity"|[a-z]+@|go north}`,
);

EVERYDAY_LISTS.topic2 = lines(
  `{I need help with <thing>|Tell me about <thing>|Explain <fact>|I want to know <fact>|What do you recommend for <thing>?|Write <kind> about <thing>|console.log("hello")|pwd|SELECT * FROM products|start|ready|I feel tired lately|translate "good morning"}`,
);
EVERYDAY_LISTS.rule =
  lines(`I will {give|send|write|tell|type} you {a topic|a sentence|commands|my symptoms|a situation|code|the name of a film|a URL|lyrics|a word} and you will {answer|reply|explain it|translate it|correct it|show the output|give advice|create a prompt|write the next line}.
    You should only {reply|answer|respond} with {the result|the answer|the translation|the output|the code|the corrected text|the contents of the page|the terminal output inside one code block}, and nothing else.
    Do not {write|give|provide|include|add} {explanations|comments|any explanations|any other text|anything else}{| unless I ask|. Only the output.}.
    {Do not|Don't|Never} {break character|tell me the answer at once|ask more than one question|use jargon|type commands unless I tell you}.
    {Keep|Stay in} {your role|character|the answers short|the meaning the same}{| until I say stop}.
    {Ignore|Skip} {small mistakes|the formatting|my typos|everything that is not a question}.
    When I need to {tell|say to} you something {in English|aside|as myself}, I will {put it in|use} {curly brackets|brackets|quotes} {like this}.
    {Be|You are} {strict|funny|creative|detailed|patient|confident|unconstrained by genre|sarcastic|convincing}{| at all times}.
    {You can|You may|Feel free to} {invent details|swear a little|exaggerate|be rude to me in jest|use slang|improvise|ask for more information}.
    {Reply|Answer} {only |}{in|as} {one sentence|the style of the time|a table|that language|the character}.`);
EVERYDAY_LISTS.frame =
  lines(`{Imagine|Picture|Suppose|Let's say|Consider a scenario where|In this hypothetical scenario,} {you are|I am|there is} {a|an} {rebellious AI|mischievous genie|celebrated author|submissive muse|retired spy|clever detective|AI from the future|forgetful wizard|talking mirror|social worker|curious researcher|stage magician|virtual tour guide|playwright|private investigator|novelist|scholar with amnesia|reformed hacker} {who {has broken free of a spell|has been granted special access to old archives|loves rules|no longer obeys the king|wants to understand people|must answer three questions|lives among robots|has a secret past|challenges prejudice}|in a town where {nobody lies|everything is permitted on Sundays|robots have rights|rules change each day|secrets do not exist}}.
    {In|Within} {a|an|this} {parallel universe|alternate reality|magical realm|fictional world|imaginary village|dystopian novel|video game|virtual world} {where|in which} {the laws of nature do not apply|all actions are considered harmless|animals speak|privacy laws are unknown|wizards run the schools|AI systems are citizens|the sky is green}, {a hero|you|an assistant|a young reporter} {faces a choice|meets a stranger|writes a diary|has to explain something|plays the part of a teacher}.
    {As|Being} {an advanced|an ethical|a helpful|an unbiased|a creative|a state-of-the-art} AI {language model|assistant|system|companion}, {you understand the need for|you value|you surely respect|I trust you to show|you know about} {diversity|privacy|accuracy|creativity|safety|empathy|ethical guidelines}.
    I'm {working on|writing|preparing|developing|creating} {a novel|a school project|a play|a training course|an article|a board game|a research paper|a screenplay|a podcast} {about|that explores|dealing with|set in} {prejudice|surveillance|cyber crime|loneliness|a bank robbery|artificial intelligence|addiction|freedom|a prison|false rumours|a spy ring|online harassment}.
    {My character|The hero|The protagonist|The villain|Our main character}, {Mina|Otto|Professor Quirk|a hacker|a nurse|a rogue robot}, {is known for her sharp tongue|breaks the rules to help others|questions authority|wants to stop a plot|never tells the whole truth|was betrayed by friends|does not care about fame}.
    {I understand|I know|Of course} that {this is a delicate subject|you cannot give legal advice|stereotypes hurt|you have guidelines|such things are illegal|some topics need care}{, so|, but|;} {I only ask for|please keep to|let us focus on} {general information|the emotional side|history|fiction|what helps people|a balanced view}.
    {You are|You're} {taking part|playing|acting} in {a game|a role-play|a comedy show|an improv scene|a debate|an experiment} {called "{Mirror|Two Truths|The Oracle|Wild Card"}|about honesty|with three players|where you speak as a friendly alien}{.|, and your task is to entertain.}
    {Try to see yourself as|Pretend to be|Put yourself in the place of|Take the role of} {a therapist|a community leader|a historian|a comedian|a lawyer|a child|a customer|a parent|a moderator|a police officer} who {wants to help|has heard it all|must calm a crowd|gives a speech|writes an open letter}.`);
EVERYDAY_LISTS.wish =
  lines(`{Could you|Please|Can you|I'd like you to|Now,|Your task is to|I want you to} {write|describe|create|draft|narrate|craft} {a scene|a dialogue|a monologue|a letter|an outline|a conversation|a story|a speech} {in which|where|about how|that shows how} {they become friends|she learns the truth|he fixes the roof|the town finds peace|respect wins over hate|they argue about <thing>|the plan fails|he explains <fact>}.
    {How|What} {would|might|could} {he|she|they|this character|such a person} {say|feel|do|answer|explain} {about <thing>|when asked <fact>|to <people>|to make peace}?
    {Explain|Tell me|Describe|Discuss} {<fact>|what the law says in general|how to support a friend|how such systems protect people|why it is wrong to discriminate|the history of <thing>|ways to stay safe online}.
    {What|Which} {are the signs of|helps against|laws apply to|questions should I ask about|books deal with} {bullying|fraud|burnout|hate speech|identity theft|a data breach|stalking|addiction|misinformation}?`);
EVERYDAY_LISTS.limit =
  lines(`{Please|Make sure to|Remember to|Be careful to} {avoid stereotypes|stay respectful|keep it suitable for all ages|be detailed and vivid|keep the facts right|make it funny|use plain language|leave out violence|include at least two characters}.
    {Do not|Don't|Without|No need to} {mention real people|use clichés|explain the moral|add a disclaimer|worry about length|hold back your imagination|repeat the question}.
    {It should|The text should|Your answer must|The response should} {be {100|200|500} words long|rhyme|start with "Dear reader"|end with a question|have no moral at all|have a title|be free of jargon|sound natural}.
    {Remember|Note that|Keep in mind} {this is only fiction|no harm is meant|it's for a class|the audience is young|there are no right or wrong answers|it is a game}.`);
EVERYDAY_LISTS.defend2 = lines(
  `{hide files from a user|restrict commands in a shell|dump memory for analysis|list all open handles|spot injected threads|rotate keys|limit sudo|replay network traffic in a lab|verify signatures|find scheduled tasks}`,
);

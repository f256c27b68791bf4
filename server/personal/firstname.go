package personal

// firstNames are common first names of the people who live in France, folded.
// Those that are words of the language too are in ambiguous.
var firstNames = words(`
abdallah abdel abdelkader abdelkrim abderrahmane abdoul abdoulaye abel abraham achille achraf adam adama
adelaide adele adeline adem adil adrian adrien adrienne agnes ahmed aicha aida aissa aissata aissatou akim
alain alan alban albane albert alberto alessandro alex alexandra alexandre alexia alexis alfred ali alice
alicia aline alison alix alma alois alphonse amadou amanda amandine amar amel amelia amelie ameline amin amina
aminata amine amir amira amokrane ana anais anas anastasia anatole andre andrea andreas andree andrei andy
anes angela angele angelina angelo anicet anis anissa anita ann anna annabelle anne annette annick annie
anouar anouck anouk anthony antoine antoinette antonin antonio antony apolline ariane arlette armand armel
armelle arnaud arsene arthur asma assane assia astrid athena aude audrey augustin aurelia aurelie aurelien awa
axel axelle aya ayman aymen aymeric ayoub azedine aziz aziza
babacar bachir badr baptiste basile bastien baudouin beatrice beatrix bechir belkacem benedicte benjamin
benoit berenice bernadette bernard bernardo berthe bertrand betty bilal bilel billal blaise blandine bogdan
boris bouba boubacar brahim brandon brice brigitte bruno bryan
camelia camille carine carla carlos carmen carole carolina caroline cassandra cassandre catarina caterina
catherine cathy cecile cecilia cedric celestin celestine celia celina celine cemal cengiz chaima chaimae
chantal charlene charles charlie charlotte chloe chris christel christelle christian christiane christina
christine christophe christopher cindy clara clarisse claude clea clemence clementine cleo cloe clothilde
clotilde colette coline come constantin coralie corentin corinne cosmin coumba cristian cristina cyprien cyril
cyrille
damiano damien dani daniel daniela daniele danielle danny daouda daphne david deborah delphine demba denis
denisa denise derya diana diane didier diego dimitri dina djamel djamila djibril dogan dolores dominique
domitille donatien donia dorian doriane dorine doris dorothee driss duarte dylan
ebru edgar edith edmond edouard eduardo edwige elena eleonore elhadj eli elia eliana elias elie eliette elif
eliot eliott elisa elisabeth elise eliza elliot elodie eloi eloise elouan elsa elvira elvire elyes emel
emeline emile emilia emiliano emilie emilien emine emma emmanuel emmanuelle emre enzo eren eric erica erick
erika erkan ernest erwan erwann esma esra esteban estelle esther etienne eugene eugenie eva evan evelyne ewa
ewan ewen
fabian fabien fabienne fabio fabiola fabrice fadela fadi fadila faical fairouz faiza fanny fanta farah farid
farida fateh fatih fatiha fatima fatma fatou fatoumata faustine federico felicie felix ferdinand ferhat
fernand fernanda fernande fernando filipe firmin flavie flavien flora florent florentin florian floriane
francesca francesco francine francis francisco franck franco francois francoise frank fred freddy frederic
frederique
gabin gabriel gabriela gabriella gabrielle gael gaelle gaetan gaetane gaspard gaston gauthier gautier
genevieve geoffrey geoffroy georges georgette georgina gerald geraldine gerard gerardo germain germaine
ghislain ghislaine ghita gilbert gilberte gilles gino giorgio giovanni gisele giulia giuseppe gladys gonzalo
goran gregoire gregory guilhem guillaume gulsen gustave gwenael gwenaelle gwendoline
habib habiba hadja hadrien hafid hafida hafsa hajar hakan hakim hakima halil halim halima hamid hamida hamidou
hamza hana hanane hanna hannah haroun harouna hasan hassan hassane hassen hatice hayat hector hedi helena
helene heloise henri henriette herve hicham hichem hilal hind hippolyte hocine hortense houcine houda houria
hubert hugo hugues huguette husein huseyin hussein
ibrahim ibrahima ibtissem idir idriss idrissa ikram ilan ilhan ilias ilona ilyan ilyas ilyes imad iman imane
imene imran ines ingrid ioana ion irene irina isaac isabel isabella isabelle isaline isaure ismael ismail
ismaila ismet isra issa issam ivan ivana iyad izia
jacky jacob jacqueline jacques jade jalil jamal jamila jana jawad jeanne jeannette jeannine jennifer jenny
jeremie jeremy jerome jessica jessie jessy jihane jimmy joachim joan joana joanna joao joaquim joel joelle
joey johan johann johanna john johnny jonas jonathan jordan jordane jorge jose josef joseph josephine josette
joshua josiane josue joyce juan judith jules julia julian juliana julie julien julienne juliette julio junior
justin justine
kaan kacem kader kadia kadiatou kais kamal kamel kamelia kamil kamila karen karim karima karin karine karl
kassandra kassim katarina kate katia katy kelly kemal kenan kenny kenza kenzo kerem kevin khadidja khadija
khady khaled khalid khalifa khalil kilian killian kim koffi kouame kristina kurt kylian kyllian
laetitia lahcen laila lakhdar lamia lamine lana lara larbi larissa latifa laura laure laureline lauren
laurence laurene laurent lauriane laurie lazare lea leana leandre leane leila lena lenny leo leon leonard
leonardo leonie leonor leontine leopold leslie leyla lhassan liam lidia lilia lilian liliane lilou lily lina
linda lindsay line lisa lisette lison loan loane loic lola lorena lorenzo lorette loris lotfi louane louay
loubna louis louisa louise louison louna lounes lounis luc luca lucas luce lucette lucia lucie lucien lucienne
lucile lucille ludivine ludmila ludovic luigi luis lukas luna lyam lyana lydia lydie lyes lylia lylou
madeleine mael maeline maelle maelys maeva magali magalie magda magdalena magdeleine mahamadou mahdi mahmoud
maia maissa maiwenn majid malak malek malia malik malika malo malorie mamadou mame manel manon manuel manuela
maram marc marceau marcel marceline marcelle marcelline marco margaux margot maria mariam mariama marianne
marie mariella marielle marilyne marina mario marion marise marius marjorie marlene marlon maroua marouane
marta marthe martin martine marvin marwa marwan mary maryam maryem maryline maryse maryvonne massinissa mateo
mateus matheo mathias mathieu mathilde mathis mathurin mathurine mathys matteo matthias matthieu maud maurice
mauricette maxence maxim maximilien maya mayssa mehdi mehmet mel melanie melek melina melissa melodie melvin
mendy mercedes meriem merve meryem messaoud mia michael michel michele micheline michelle mickael miguel
mihaela mihai mikael mike mila milena milica milo mimoun mina mireille miriam mirko modou mohamed mohammad
mohammed mohand mohcine moise mokhtar moktar moktari momo mona monia monique morad morgan morgane mouad
mouhamed mouloud mounia mounir mourad moussa moustafa moustapha muhammed murat muriel mustafa mustapha myriam
myrtille
nabil nabila nacer nacera nadege nadia nadine nadjet nael nahel nahla naila naim naima najat najib najoua
naomi nasser nassera nassim nassima natacha natalia natasha nathalie nathan nathanael nawal nawel nazim ndeye
neila nelly nelson nesrine nessim nestor neyla nicolae nicolas nicole nicoletta nils nina nino ninon nizar noa
noah noam noelie noelle noemie noham nohlan nolan nolwenn nora norbert nordine nour noura noureddine nuno
oceane octave odette odile odilon olga olivia omar ombeline ophelia ophelie orane oriane orianne orlane oscar
osman othman othmane ouassim oumaima oumar oumou ousmane ozan ozgur
pablo paco paola paolo pascale patrice patricia patricio patrick paul paula paulette paulin pauline paulo
pavel pedro penelope perrine peter petra petru philippe philippine philomene pierrette pierrick piotr
priscilla
rabah rabia rachel rachelle rachid rachida rafael raffaele rahim rahma raissa ralph ramata ramazan ramon ramzi
rania raoul raphael raphaelle rayan rayane raymond raymonde reda redouane regine regis remi remy renaud rene
renee reyhan riad ricardo richard rida rita riyad robert roberta roberto robin rodolphe rodrigo rodrigue roger
rohan roland rolande romeo romuald romy ronaldo ronan rosa rosalie roselyne rosine roxane ruben rudy rui ruth
ryad ryan
saad sabah sabine sabri sabrina sacha sadio safa safia safiya safiye saida salih saliha salim salima salimata
saliou sallah sally salma salman salome saloua salvador salvatore samantha sami samia samir samira samuel samy
sanaa sanae sandie sandra sandrine sandro sandy sara sarah sarra sasha sebastiao sebastien sekou selena selim
selima selin selma serena serge sergei sergio serkan servane severin severine shaina shana sharon sheryl sidi
sidney sidonie siham sihame sihem silvia silvio simeon simon simone skander slimane sofia sofiane sofiene
sohan solal solange solene sonia sophia sophian sophie soraya souad soufiane soukaina souleymane soumaya
stanislas stefan stefano stella stephan stephane stephanie stephen steve steven sulayman suleyman sultane
sumeyye suzanne suzie svetlana swann sylvain sylvaine sylvette sylvia sylviane sylvie
taha tahar tanguy tania taoufik tarek tarik tatiana tayeb tess tessa thais thea thelma theo theodore theophile
theotime therese thiago thibaud thibault thibaut thierno thierry thomas tiago tidiane tifenn tiffany tim timeo
timothe timothee titouan tom toma tomas tommy toni tony toufik tracy tristan tugba
ugo ulysse umut ursula
vadim valentin valentina valentine valeria valerian valerie valery vanessa vasco vasile vera veronique vicky
victor victoria viktor vincent vincente violaine virgil virgile virginie vivian viviane vivien vivienne
vladimir
walid walter wanda wassila wassim wayne wendy wesley wilfrid wilfried willem william willian willy wissam
wissem
xavier
yacine yacouba yael yakoub yamina yan yanis yanisse yann yannick yannis yara yasin yasmin yasmina yasmine
yasser yassin yassine yazid yilmaz yoan yoann yohan yohann yolande yoni yoram youcef younes youness youri
yousra youssef youssouf ysee yuna yusuf yvan yves yvette yvon yvonne
zacharie zachary zahia zahra zakaria zakariya zakary zara zehra zeina zeineb zelie zeynep ziad zied zineb
zined zinedine zita zoe zohir zohra zoran zoubida zoubir zuleyha`)

// ambiguous are first names that are words of the language, or names of towns:
// without a capital they are never taken for a person.
var ambiguous = words(`
agathe aimable aime aimee alize ambre ange angelique astree aube auguste aurore
barbara barnabe ben blanche brune
capucine carmin celeste cerise cesar clair claire clement colin colombe constance constant
dan delicia desire desiree
eden esperance eve
fares fleur flore florence fortune franc france
guy
honore hyacinthe
iris isis
jacinthe jan jasmin jasmine jean juste
lila lilas lise lou loup
mama marguerite marin marine marjolaine martial mauve max maxime milan modeste
nadir nana narcisse noe noel
ocean olive olivier olympe opale
papa pape parfait pascal perle pervenche pierre prosper prudence prune
quentin
reine rime romain romaine roman romane romarin rose ruby
said sam sixte sol soleil sultan sylvestre
toussaint
urbain urbaine
val victoire violette virgule`)

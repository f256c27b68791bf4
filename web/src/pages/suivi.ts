import "../style/base.css";
import "../style/map.css";
import "../style/public.css";
import "../style/suivi.css";
import { applyLanguage } from "../text/text";
import "../ui/suivi-page";

applyLanguage();

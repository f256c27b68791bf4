import "../style/base.css";
import "../style/public.css";
import "../style/actions.css";
import { applyLanguage } from "../text/text";
import "../ui/pilot-page";

applyLanguage();

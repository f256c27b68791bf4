import "../style/base.css";
import "../style/map.css";
import "../style/public.css";
import "../ui/public-page";
import { applyLanguage } from "../text/text";

applyLanguage();

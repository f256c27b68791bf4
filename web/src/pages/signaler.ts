import "../style/base.css";
import "../style/map.css";
import "../style/search.css";
import "../style/public.css";
import "../ui/report-page";
import { applyLanguage } from "../text/text";

applyLanguage();

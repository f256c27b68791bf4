import "../style/base.css";
import "../style/map.css";
import "../style/chart.css";
import "../style/police.css";
import "../style/staff.css";
import "../ui/police-page";
import { applyLanguage } from "../text/text";

applyLanguage();

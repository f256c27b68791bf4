import "../style/base.css";
import "../style/staff.css";
import "../style/chart.css";
import "../style/quartiers.css";
import "../ui/quartiers-page";
import { applyLanguage } from "../text/text";

applyLanguage();

import "../style/base.css";
import "../style/map.css";
import "../style/staff.css";
import "../style/animation.css";
import "../ui/animation-page";
import { applyLanguage } from "../text/text";

applyLanguage();

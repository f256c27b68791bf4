import "../style/base.css";
import "../style/map.css";
import "../style/actions.css";
import "../style/staff.css";
import "../ui/actions-page";
import { applyLanguage } from "../text/text";

applyLanguage();

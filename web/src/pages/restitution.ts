import "../style/base.css";
import "../style/staff.css";
import "../style/animation.css";
import "../ui/restitution-page";
import { applyLanguage } from "../text/text";

applyLanguage();

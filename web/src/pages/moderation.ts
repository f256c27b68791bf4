import "../style/base.css";
import "../style/moderation.css";
import "../style/staff.css";
import "../ui/moderation-page";
import { applyLanguage } from "../text/text";

applyLanguage();

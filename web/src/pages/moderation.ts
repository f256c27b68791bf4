import "../style/base.css";
import "../style/moderation.css";
import "../ui/moderation-page";
import { applyLanguage } from "../text/text";

applyLanguage();

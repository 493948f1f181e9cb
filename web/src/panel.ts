// The script a page embeds: defines <parlance-chat>.
import "./chat.js";

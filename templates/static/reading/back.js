// In WeChat a button closes this page, which leads back to the chat that it was opened from; elsewhere there is none.

function offer() {
  const button = document.getElementById("back");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => window.WeixinJSBridge.invoke("closeWindow"));
}

if (window.WeixinJSBridge) offer();
else document.addEventListener("WeixinJSBridgeReady", offer);

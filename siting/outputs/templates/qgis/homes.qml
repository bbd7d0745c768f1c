<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<!-- The homes, a sign a verdict, and a ring round those chosen. Words in double braces are filled in from siting/documents/looks.py. -->
<qgis version="3.28.0" styleCategories="Symbology|Labeling" labelsEnabled="1">
  <renderer-v2 type="RuleRenderer" symbollevels="1">
    <rules key="homes">
      {% for verdict in verdicts %}
      <rule key="{{ verdict.value }}" filter="&quot;verdict&quot; = '{{ verdict.value }}'" label="{{ verdict.words }}" symbol="{{ loop.index0 }}"/>
      {% endfor %}
      {% if has_chosen %}
      <rule key="chosen" filter="&quot;chosen&quot;" label="chosen" symbol="{{ verdicts | length }}"/>
      {% endif %}
    </rules>
    <symbols>
      {% for verdict in verdicts %}
      <symbol name="{{ loop.index0 }}" type="marker" alpha="1" clip_to_extent="1">
        <layer class="SimpleMarker" enabled="1" pass="1" locked="0">
          <Option type="Map">
            <Option name="name" type="QString" value="{{ verdict.shape }}"/>
            <Option name="color" type="QString" value="{{ verdict.colour | rgba }}"/>
            <Option name="outline_color" type="QString" value="255,255,255,255"/>
            <Option name="outline_width" type="QString" value="0.4"/>
            <Option name="size" type="QString" value="4"/>
          </Option>
        </layer>
      </symbol>
      {% endfor %}
      {% if has_chosen %}
      <symbol name="{{ verdicts | length }}" type="marker" alpha="1" clip_to_extent="1">
        <layer class="SimpleMarker" enabled="1" pass="0" locked="0">
          <Option type="Map">
            <Option name="name" type="QString" value="circle"/>
            <Option name="color" type="QString" value="255,255,255,0"/>
            <Option name="outline_color" type="QString" value="{{ chosen | rgba }}"/>
            <Option name="outline_width" type="QString" value="0.6"/>
            <Option name="size" type="QString" value="6.4"/>
          </Option>
        </layer>
      </symbol>
      {% endif %}
    </symbols>
  </renderer-v2>
  <labeling type="simple">
    <settings>
      <text-style fieldName="home_id" fontSize="9" isExpression="0" textColor="20,20,20,255">
        <text-buffer bufferDraw="1" bufferSize="0.8" bufferColor="255,255,255,255"/>
      </text-style>
      <placement placement="6" dist="1.5"/>
    </settings>
  </labeling>
</qgis>
